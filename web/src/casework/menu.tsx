// The ⋯ of a row, a card or a page: the commands that its case takes, each with its
// key. What may be done is asked when the menu opens.

import { ActionIcon, Menu } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useScheme } from '../shell/commands';
import { Icon } from '../shell/icon';
import { keyOf, type Command } from '../shell/keys';
import { useSpeech, useWords } from '../words/words';
import type { Following } from './casework';
import { useCaseCommands } from './may';
import { words } from './words';

export function CaseMenu({ id, number, before = [], except, following, size = 'lg' }: {
  id: string;
  number: string;
  /** Commands of the screen that stand before those of the case. */
  before?: readonly Command[];
  /** Ids of commands that have a button beside the menu. */
  except?: ReadonlySet<string>;
  following?: Following;
  size?: 'md' | 'lg' | 'xl';
}) {
  const w = useWords(words);
  const [opened, setOpened] = useState(false);
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" withinPortal returnFocus>
      <Menu.Target>
        <ActionIcon size={size} variant="default" aria-label={w.of(number)} title={w.more} onClick={(e) => e.stopPropagation()}>
          <Icon name="dots" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown onClick={(e) => e.stopPropagation()}>
        {opened && <Items id={id} before={before} except={except} following={following} />}
      </Menu.Dropdown>
    </Menu>
  );
}

function Items({ id, before, except, following }: { id: string; before: readonly Command[]; except?: ReadonlySet<string>; following?: Following }) {
  const { t } = useSpeech();
  const w = useWords(words);
  const [scheme] = useScheme();
  const ids = useMemo(() => [id], [id]);
  const { commands, known } = useCaseCommands(ids, following);
  const own = commands.filter((c) => !except?.has(c.id));
  if (!known) {
    return <Menu.Label role="status">{t.waiting}</Menu.Label>;
  }
  return (
    <>
      {before.map((c) => <Item key={c.id} command={c} hint={keyOf(c, scheme)} />)}
      {before.length > 0 && own.length > 0 && <Menu.Divider />}
      {own.map((c) => <Item key={c.id} command={c} hint={keyOf(c, scheme)} icon={<Icon name={c.icon} size={16} />} />)}
      {before.length === 0 && own.length === 0 && <Menu.Label>{w.noCommands}</Menu.Label>}
    </>
  );
}

function Item({ command, hint, icon }: { command: Command; hint: string | undefined; icon?: React.ReactNode }) {
  const { t } = useSpeech();
  return (
    <Menu.Item
      disabled={command.possible === false} leftSection={icon} onClick={command.run}
      rightSection={hint && <span aria-hidden>{hint.split(' ').map((k) => <kbd key={k}>{t.keyNames[k] ?? k}</kbd>)}</span>}
    >
      {command.title}
    </Menu.Item>
  );
}
