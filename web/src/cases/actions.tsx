// What can be done to a case: the next thing as a button that stands out, a few
// beside it, all others in the menu.

import { Button } from '@mantine/core';
import { useMemo } from 'react';
import type { CaseCommand } from '../casework/may';
import { CaseMenu } from '../casework/menu';
import type { Row } from '../live/rows';
import { useScheme } from '../shell/commands';
import { useHouse } from '../shell/house';
import { Icon } from '../shell/icon';
import { keyOf, type Command } from '../shell/keys';
import { useWords } from '../words/words';
import css from './actions.module.css';
import { words } from './words';

type Does = CaseCommand['does'];

/** What comes next, by how far a case is and whose it is; the first that may be done. */
function nextOf(row: Row, me: string): readonly Does[] {
  switch (row.status) {
    case 'TO_SORT': return ['SORT'];
    case 'TO_ASSIGN': return ['ASSIGN', 'TAKE', 'REPLY', 'REMIND'];
    case 'IN_PROGRESS': return row.assignee?.id === me ? ['REPLY', 'CLOSE'] : ['ASSIGN', 'REPLY', 'REMIND'];
    case 'ANSWERING': return []; // its receipts are awaited
    case 'CLOSED': return ['REOPEN'];
    case 'MERGED': return ['UNMERGE'];
  }
}

/** What stands beside it, in this order, as far as it may be done. */
const beside: readonly Does[] = ['REPLY', 'ASSIGN', 'CLOSE', 'FORWARD', 'NOTE', 'REMIND', 'ASK', 'TAKE_BACK', 'BREAK_GLASS'];

export function CaseActions({ row, commands, before, first: urgent, most }: {
  row: Row;
  commands: readonly CaseCommand[];
  /** Commands of the screen, which stand before in the menu. */
  before: readonly Command[];
  /** What is half done, and so comes first. */
  first: Does | undefined;
  most: number;
}) {
  const { viewer } = useHouse();
  const w = useWords(words);
  const [scheme] = useScheme();
  const next = useMemo(() => [...(urgent ? [urgent] : []), ...nextOf(row, viewer.user.id)], [row, viewer, urgent]);
  const buttons = useMemo(
    () => [...new Set([...next, ...beside])].flatMap((does) => commands.find((c) => c.does === does) ?? []).slice(0, most),
    [next, commands, most],
  );
  const shown = useMemo(() => new Set(buttons.map((c) => c.id)), [buttons]);
  const hint = (c: CaseCommand): string | undefined => {
    const key = keyOf(c, scheme);
    return key && `${c.title} (${key})`;
  };
  return (
    <div className={css.actions} role="group" aria-label={w.actions}>
      {buttons.map((c, i) => (
        <Button key={c.id} size="md" variant={i === 0 && next.includes(c.does) ? 'filled' : 'default'} leftSection={<Icon name={c.icon} />} title={hint(c)} onClick={c.run}>{c.title}</Button>
      ))}
      <CaseMenu id={row.id} number={row.number} commands={commands} before={before} except={shown} size="xl" />
    </div>
  );
}
