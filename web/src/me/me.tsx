// A person's own page: who one is here, how one wants to be told, when one is away.

import { useMemo } from 'react';
import { SectionFrame } from '../admin/frame';
import { useHouse } from '../shell/house';
import { lazy } from '../shell/lazily';
import { useWords } from '../words/words';
import { Absences } from '../admin/people/absences';
import { Profile } from './profile';
import { words } from './words';

const Notices = lazy(() => import('./notices').then((m) => ({ default: m.Notices })));
const Tokens = lazy(() => import('./tokens').then((m) => ({ default: m.Tokens })));
const Templates = lazy(() => import('../admin/templates/templates').then((m) => ({ default: m.Templates })));

export function Me() {
  const w = useWords(words);
  const sections = useMemo(() => [
    { to: '/me/profile', title: w.sections.profile, icon: 'person' as const, Component: Profile },
    { to: '/me/notices', title: w.sections.notices, icon: 'mail' as const, Component: Notices },
    { to: '/me/absences', title: w.sections.absences, icon: 'clock' as const, Component: MyAbsences },
    { to: '/me/templates', title: w.sections.templates, icon: 'file' as const, Component: Templates },
    { to: '/me/tokens', title: w.sections.tokens, icon: 'key' as const, Component: Tokens },
  ], [w]);
  return <SectionFrame base="/me" label={w.sectionsLabel} sections={sections} />;
}

function MyAbsences() {
  const { viewer } = useHouse();
  return <Absences userId={viewer.user.id} />;
}
