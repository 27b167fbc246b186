// The frame around every screen: where to go, how true what is shown is, who is here.

import { ActionIcon } from '@mantine/core';
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useSpeech } from '../words/words';
import { useCommands } from './commands';
import css from './shell.module.css';
import { useLiveness, useRoles } from './house';
import { Icon, type IconName } from './icon';
import type { Command } from './keys';
import { Waiting } from './states';

const AdminCommands = lazy(() => import('../admin/commands'));
const Palette = lazy(() => import('./palette'));
const Person = lazy(() => import('./person'));
const Shortcuts = lazy(() => import('./shortcuts'));

interface Place {
  to: '/admin' | '/admin/register' | '/cases' | '/desk';
  title: string;
  icon: IconName;
  keys: string;
}

function usePlaces(): readonly Place[] {
  const { t } = useSpeech();
  const roles = useRoles();
  return useMemo(() => {
    const places: Place[] = [];
    if (roles.sorter || roles.auditor) {
      places.push({ to: '/desk', title: t.places.desk, icon: 'sort', keys: 'g s' });
    }
    places.push({ to: '/cases', title: t.places.cases, icon: 'archive', keys: 'g p' });
    if (roles.administrator) {
      places.push({ to: '/admin', title: t.places.admin, icon: 'settings', keys: 'g m' });
    } else if (roles.auditor) {
      places.push({ to: '/admin/register', title: t.places.register, icon: 'list', keys: 'g m' });
    }
    return places;
  }, [t, roles]);
}

export function Frame({ children }: { children: ReactNode }) {
  const { t } = useSpeech();
  const places = usePlaces();
  const roles = useRoles();
  const [here, navigate] = useLocation();
  const [open, setOpen] = useState<'palette' | 'shortcuts' | null>(null);
  useCommands(useMemo<Command[]>(() => [
    ...places.map((p) => ({ id: `go ${p.to}`, title: t.goTo(p.title), group: t.groups.everywhere, keys: p.keys, run: () => navigate(p.to) })),
    { id: 'shortcuts', title: t.shortcuts, group: t.groups.everywhere, keys: '?', run: () => setOpen('shortcuts') },
  ], [places, t, navigate]));
  const close = (): void => setOpen(null);
  return (
    <div className={css.frame} onKeyDown={(e) => {
      if (e.key === 'k' && e.ctrlKey && !e.defaultPrevented) {
        e.preventDefault();
        setOpen('palette');
      }
    }}>
      <a className={css.skip} href="#main">{t.skip}</a>
      <header className={css.header}>
        <Link href="/" className={css.brand}>Smista</Link>
        <nav className={css.nav} aria-label={t.navigation}>
          {places.map((p) => (
            <Link key={p.to} href={p.to} className={css.place} aria-current={here.startsWith(p.to) ? 'page' : undefined}>
              <Icon name={p.icon} />
              <span>{p.title}</span>
            </Link>
          ))}
        </nav>
        <Chip />
        <ActionIcon size="lg" variant="subtle" color="gray" aria-label={t.palette} title={`${t.palette} (Ctrl+K)`} onClick={() => setOpen('palette')}>
          <Icon name="search" />
        </ActionIcon>
        <Suspense>
          <Person openShortcuts={() => setOpen('shortcuts')} />
        </Suspense>
      </header>
      <main id="main" className={css.main} tabIndex={-1}>
        <Suspense fallback={<Waiting />}>
          {children}
        </Suspense>
      </main>
      <Suspense>
        {(roles.administrator || roles.auditor || roles.sorter) && <AdminCommands />}
        {open === 'palette' && <Palette close={close} />}
        {open === 'shortcuts' && <Shortcuts close={close} />}
      </Suspense>
    </div>
  );
}

/** Says whether what is shown is true now, and if not, since when it is not. */
function Chip() {
  const { t, dates } = useSpeech();
  const { state, heardAt } = useLiveness();
  const text = state === 'live' ? t.live : state === 'returning' ? t.returning : t.lost(dates.clock(heardAt));
  return (
    <p className={css.chip} data-state={state} role="status">
      <span aria-hidden>{state === 'live' ? '●' : state === 'returning' ? '○' : '✕'}</span> <span>{text}</span>
    </p>
  );
}
