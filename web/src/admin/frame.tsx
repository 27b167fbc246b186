// Sections side by side: a list of them, on phones a field to choose from, and the one
// that is open.

import { NativeSelect } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Suspense, type ComponentType } from 'react';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import { Icon, type IconName } from '../shell/icon';
import { Nothing, Waiting } from '../shell/states';
import { useTitle } from '../shell/title';
import { useSpeech } from '../words/words';
import css from './frame.module.css';

export interface Shelf {
  to: string;
  title: string;
  icon: IconName;
  Component: ComponentType;
}

export function SectionFrame({ base, label, sections }: { base: string; label: string; sections: readonly Shelf[] }) {
  const { t } = useSpeech();
  const [here, navigate] = useLocation();
  const isNarrow = useMediaQuery('(max-width: 60em)') ?? false;
  const first = sections[0];
  const current = sections.find((s) => here.startsWith(s.to));
  useTitle(current?.title ?? label);
  return (
    <div className={css.frame} data-single={sections.length === 1 || undefined}>
      {sections.length > 1 && (
        <nav className={css.sections} aria-label={label}>
          {isNarrow
            ? <NativeSelect size="md" aria-label={label} data={sections.map((s) => ({ value: s.to, label: s.title }))} value={current?.to ?? first?.to} onChange={(e) => navigate(e.currentTarget.value)} />
            : sections.map((s) => (
              <Link key={s.to} href={s.to} aria-current={s === current ? 'page' : undefined}>
                <Icon name={s.icon} />
                <span>{s.title}</span>
              </Link>
            ))}
        </nav>
      )}
      <div className={css.open} data-section={current?.to}>
        <Suspense fallback={<Waiting />}>
          <Switch>
            {sections.map((s) => <Route key={s.to} path={s.to}><h1>{s.title}</h1><s.Component /></Route>)}
            <Route path={base}>{first && <Redirect to={first.to} replace />}</Route>
            <Route><Nothing>{t.noSuchPage}</Nothing></Route>
          </Switch>
        </Suspense>
      </div>
    </div>
  );
}
