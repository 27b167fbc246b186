// The frame around every screen: where to go, how true what is shown is, who is here.

import { ActionIcon } from '@mantine/core';
import { Suspense, useEffect, useMemo, useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { isOfferDue } from '../push/install';
import { useSpeech } from '../words/words';
import { onNotice } from '../worker/start';
import { useCommands } from './commands';
import { lazy } from './lazily';
import css from './shell.module.css';
import { useLiveness, useRoles } from './house';
import { Icon, type IconName } from './icon';
import type { Command } from './keys';
import { Waiting } from './states';

const AdminCommands = lazy(() => import('../admin/commands'));
const Palette = lazy(() => import('./palette'));
const Person = lazy(() => import('./person'));
const Beside = lazy(() => import('../offline/beside'));
const Device = lazy(() => import('../push/device'));
const Offer = lazy(() => import('../push/offer'));
const Shortcuts = lazy(() => import('./shortcuts'));

interface Place {
  to: string;
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
    const [office] = roles.heads;
    if (office) {
      places.push({ to: `/offices/${office.code}`, title: t.places.office, icon: 'board', keys: 'g u' });
    }
    if (roles.works.length > 0) {
      places.push({ to: '/todo', title: t.places.todo, icon: 'inbox', keys: 'g d' });
    }
    places.push({ to: '/cases', title: t.places.cases, icon: 'archive', keys: 'g p' });
    if (roles.sorter || roles.auditor || roles.heads.length > 0) {
      places.push({ to: '/overview', title: t.places.overview, icon: 'chart', keys: 'g a' });
    }
    if (roles.administrator) {
      places.push({ to: '/admin', title: t.places.admin, icon: 'settings', keys: 'g m' });
    } else if (roles.auditor) {
      places.push({ to: '/admin/register', title: t.places.register, icon: 'book', keys: 'g m' });
    }
    return places;
  }, [t, roles]);
}

export function Frame({ children }: { children: ReactNode }) {
  const { t } = useSpeech();
  const places = usePlaces();
  const roles = useRoles();
  const [here, navigate] = useLocation();
  const [open, setOpen] = useState<'palette' | 'shortcuts' | 'device' | null>(null);
  useCommands(useMemo<Command[]>(() => [
    ...places.map((p) => ({ id: `go ${p.to}`, title: t.goTo(p.title), group: t.groups.everywhere, keys: p.keys, run: () => navigate(p.to) })),
    { id: 'go /cases/new', title: t.writeNew, group: t.groups.everywhere, keys: 'g n', possible: roles.works.length > 0, run: () => navigate('/cases/new') },
    { id: 'go /me', title: t.goTo(t.profile), group: t.groups.everywhere, run: () => navigate('/me') },
    { id: 'shortcuts', title: t.shortcuts, group: t.groups.everywhere, keys: '?', run: () => setOpen('shortcuts') },
  ], [places, roles, t, navigate]));
  useEffect(() => onNotice(navigate), [navigate]);
  useEffect(() => { // also while nothing has the focus
    const press = (e: KeyboardEvent): void => {
      if (e.key === 'k' && e.ctrlKey && !e.defaultPrevented) {
        e.preventDefault();
        setOpen('palette');
      }
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  const close = (): void => setOpen(null);
  const isWall = here === '/overview/wall'; // a screen that nobody works at has nothing around it
  return (
    <div className={css.frame} data-wall={isWall || undefined}>
      {!isWall && <a className={css.skip} href="#main">{t.skip}</a>}
      {!isWall && <header className={css.header}>
        <Link href="/" className={css.brand}>Smista</Link>
        <nav className={css.nav} aria-label={t.navigation}>
          {places.map((p) => (
            <Link key={p.to} href={p.to} className={css.place} aria-current={here.startsWith(p.to) || (p.to.startsWith('/offices/') && here.startsWith('/offices/')) ? 'page' : undefined}>
              <Icon name={p.icon} />
              <span>{p.title}</span>
            </Link>
          ))}
        </nav>
        <Chip />
        <ActionIcon className={css.find} size="lg" variant="subtle" color="gray" aria-label={t.palette} title={`${t.palette} (Ctrl+K)`} onClick={() => setOpen('palette')}>
          <Icon name="search" />
        </ActionIcon>
        <Suspense>
          <Person openShortcuts={() => setOpen('shortcuts')} openDevice={() => setOpen('device')} />
        </Suspense>
      </header>}
      <div>
        <Suspense><Beside /></Suspense>
        <Suspense>{isOfferDue() && <Offer show={() => setOpen('device')} />}</Suspense>
      </div>
      <main id="main" className={css.main} tabIndex={-1}>
        <Suspense fallback={<Waiting />}>
          {children}
        </Suspense>
      </main>
      <Suspense>
        {(roles.administrator || roles.auditor || roles.sorter) && <AdminCommands />}
        {open === 'palette' && <Palette close={close} />}
        {open === 'shortcuts' && <Shortcuts close={close} />}
        {open === 'device' && <Device close={close} />}
      </Suspense>
    </div>
  );
}

/** Says whether what is shown is true now, and if not, since when it is not. */
export function Chip() {
  const { t, dates } = useSpeech();
  const { state, heardAt } = useLiveness();
  const text = { live: t.live, asking: t.asking, returning: t.returning, lost: t.lost(dates.clock(heardAt)) }[state];
  return (
    <p className={css.chip} data-state={state} role="status">
      <span aria-hidden>{{ live: '●', asking: '◐', returning: '○', lost: '✕' }[state]}</span> <span>{text}</span>
    </p>
  );
}
