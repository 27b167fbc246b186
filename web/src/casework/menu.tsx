// The ⋯ of a row, a card or a page: the commands that its case takes, each with its
// key. What may be done is asked when the menu opens.

import { ActionIcon, Menu } from '@mantine/core';
import { useMemo, useState, type ReactNode } from 'react';
import { useScheme } from '../shell/commands';
import { Icon } from '../shell/icon';
import { keyOf, type Command } from '../shell/keys';
import { useSpeech, useWords } from '../words/words';
import type { Following } from './casework';
import { useCaseCommands, type CaseCommand } from './may';
import { words } from './words';

const none: readonly Command[] = [];

export function CaseMenu({ id, number, commands, before = none, except, following, size = 'lg' }: {
  id: string;
  number: string;
  /** The commands of the case, where the screen has them already. */
  commands?: readonly CaseCommand[];
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
    <Menu opened={opened} onChange={setOpened} position="bottom-end" withinPortal returnFocus withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon size={size} variant="default" aria-label={w.of(number)} title={w.more} onClick={(e) => e.stopPropagation()}>
          <Icon name="dots" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown onClick={(e) => e.stopPropagation()}>
        {opened && (commands
          ? <Items before={before} own={commands.filter((c) => !except?.has(c.id))} />
          : <Asked id={id} before={before} except={except} following={following} />)}
      </Menu.Dropdown>
    </Menu>
  );
}

function Asked({ id, before, except, following }: { id: string; before: readonly Command[]; except?: ReadonlySet<string>; following?: Following }) {
  const { t } = useSpeech();
  const ids = useMemo(() => [id], [id]);
  const { commands, known } = useCaseCommands(ids, following);
  return known ? <Items before={before} own={commands.filter((c) => !except?.has(c.id))} /> : <Menu.Label role="status">{t.waiting}</Menu.Label>;
}

function Items({ before, own }: { before: readonly Command[]; own: readonly CaseCommand[] }) {
  const w = useWords(words);
  const [scheme] = useScheme();
  return (
    <>
      {before.map((c) => <Item key={c.id} command={c} hint={keyOf(c, scheme)} />)}
      {before.length > 0 && own.length > 0 && <Menu.Divider />}
      {own.map((c) => <Item key={c.id} command={c} hint={keyOf(c, scheme)} icon={<Icon name={c.icon} size={16} />} />)}
      {before.length === 0 && own.length === 0 && <Menu.Label>{w.noCommands}</Menu.Label>}
    </>
  );
}

function Item({ command, hint, icon }: { command: Command; hint: string | undefined; icon?: ReactNode }) {
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
