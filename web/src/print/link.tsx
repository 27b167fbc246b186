import { Button } from '@mantine/core';
import { useLocation } from 'wouter';
import { caseAddress } from '../shell/address';
import { Icon } from '../shell/icon';
import { useWords } from '../words/words';
import { words } from './words';

/** Leads from a case to what is printed of it. */
export function PrintLink({ number }: { number: string }) {
  const w = useWords(words);
  const [, navigate] = useLocation();
  return <Button variant="default" size="md" title={w.printCase} leftSection={<Icon name="print" />} onClick={() => navigate(`${caseAddress(number)}/print`)}>{w.print}</Button>;
}
