// What takes a case out of the program: onto paper, and into a file.

import { useMemo } from 'react';
import { useLocation } from 'wouter';
import type { Row } from '../live/rows';
import { caseAddress } from '../shell/address';
import type { Command } from '../shell/keys';
import { useSpeech, useWords } from '../words/words';
import { words } from './words';

/** From where all that a case holds is downloaded, as the server gives it (server, folder.go). */
export function folderAddress(id: string): string {
  return `/api/v1/cases/${encodeURIComponent(id)}/folder.zip`;
}

/** Has the browser save a file; the page stays. */
function save(address: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  link.click();
}

/** The commands for a case, or for none: wherever a case has a menu, they stand in it. */
export function useOutward(row: Pick<Row, 'id' | 'number' | 'readable'> | undefined): readonly [print: Command, folder: Command] {
  const w = useWords(words);
  const { t } = useSpeech();
  const [, navigate] = useLocation();
  const { id, number, readable = false } = row ?? {};
  return useMemo(() => [
    { id: 'print', title: w.outward.printCase, group: t.groups.case, ofRow: true, possible: number !== undefined, run: () => number !== undefined && navigate(`${caseAddress(number)}/print`) },
    { id: 'folder', title: w.outward.folder, group: t.groups.case, ofRow: true, possible: readable, run: () => id !== undefined && save(folderAddress(id)) },
  ], [w, t, navigate, id, number, readable]);
}
