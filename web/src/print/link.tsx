import { Button } from '@mantine/core';
import { useLocation } from 'wouter';
import { words } from '../casework/words';
import { caseAddress } from '../shell/address';
import { Icon } from '../shell/icon';
import { useWords } from '../words/words';

/** Leads from a case to what is printed of it. */
export function PrintLink({ number }: { number: string }) {
  const w = useWords(words);
  const [, navigate] = useLocation();
  return <Button variant="default" size="md" title={w.outward.printCase} leftSection={<Icon name="print" />} onClick={() => navigate(`${caseAddress(number)}/print`)}>{w.outward.print}</Button>;
}
