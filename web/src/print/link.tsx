import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { useLocation } from 'wouter';
import { caseAddress } from '../shell/address';
import { useCommands } from '../shell/commands';
import { Icon } from '../shell/icon';
import type { Command } from '../shell/keys';
import { useSpeech, useWords } from '../words/words';
import { words } from './words';

/** Leads from a case to what is printed of it, by a key too. */
export function PrintLink({ number }: { number: string }) {
  const w = useWords(words);
  const { t } = useSpeech();
  const [, navigate] = useLocation();
  const commands = useMemo<Command[]>(() => [{ id: 'print', title: w.printCase, group: t.groups.case, keys: 'p', run: () => navigate(`${caseAddress(number)}/print`) }], [w, t, navigate, number]);
  useCommands(commands);
  return <Button variant="default" size="md" title={`${w.printCase} (p)`} leftSection={<Icon name="print" />} onClick={commands[0]!.run}>{w.print}</Button>;
}
