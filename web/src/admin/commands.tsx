import { useMemo } from 'react';
import { useLocation } from 'wouter';
import { useCommands } from '../shell/commands';
import { useRoles } from '../shell/house';
import type { Command } from '../shell/keys';
import { useSpeech, useWords } from '../words/words';
import { sectionsFor } from './sections';
import { words } from './words';

/** Lets the palette find each section from everywhere. */
export default function AdminCommands() {
  const { t } = useSpeech();
  const w = useWords(words);
  const roles = useRoles();
  const [, navigate] = useLocation();
  useCommands(useMemo<Command[]>(
    () => sectionsFor(roles).map(({ path }) => ({ id: `admin ${path}`, title: t.goTo(w.sections[path]), group: w.title, run: () => navigate(`/admin/${path}`) })),
    [roles, t, w, navigate],
  ));
  return null;
}
