// What administrators look after, and what auditors read: one section beside the other.

import { useMemo } from 'react';
import { useRoles } from '../shell/house';
import { Nothing } from '../shell/states';
import { useWords } from '../words/words';
import { SectionFrame } from './frame';
import { sectionsFor } from './sections';
import { words } from './words';

export function Admin() {
  const w = useWords(words);
  const roles = useRoles();
  const sections = useMemo(
    () => sectionsFor(roles).map((s) => ({ to: `/admin/${s.path}`, title: w.sections[s.path], icon: s.icon, Component: s.Component })),
    [roles, w],
  );
  return sections.length === 0 ? <Nothing>{w.notYours}</Nothing> : <SectionFrame base="/admin" label={w.sectionsLabel} sections={sections} />;
}
