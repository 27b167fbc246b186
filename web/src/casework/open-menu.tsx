// What stands in the menu of a case.

import { useMemo } from 'react';
import { Icon } from '../shell/icon';
import type { Command } from '../shell/keys';
import MenuAt, { MenuCommand, MenuLine, MenuNote, type Spot } from '../shell/menu-at';
import { useSpeech, useWords } from '../words/words';
import { useCaseCommands, type CaseCommand } from './may';
import type { CaseMenuProps } from './menu';
import { words } from './words';

const none: readonly Command[] = [];

export default function OpenMenu({ at, close, commands, ...menu }: CaseMenuProps & { at: Spot; close(): void }) {
  const w = useWords(words);
  return (
    <MenuAt label={w.of(menu.number)} at={at} close={close}>
      {commands ? <Items {...menu} own={commands} /> : <Asked {...menu} />}
    </MenuAt>
  );
}

function Asked(menu: Omit<CaseMenuProps, 'commands'>) {
  const { t } = useSpeech();
  const ids = useMemo(() => [menu.id], [menu.id]);
  const { commands, known } = useCaseCommands(ids, menu.following);
  return known ? <Items {...menu} own={commands} /> : <MenuNote>{t.waiting}</MenuNote>;
}

function Items({ before = none, except, own }: Pick<CaseMenuProps, 'before' | 'except'> & { own: readonly CaseCommand[] }) {
  const w = useWords(words);
  const shown = own.filter((c) => !except?.has(c.id));
  return (
    <>
      {before.map((c) => <MenuCommand key={c.id} command={c} />)}
      {before.length > 0 && shown.length > 0 && <MenuLine />}
      {shown.map((c) => <MenuCommand key={c.id} command={c} icon={<Icon name={c.icon} size={16} />} />)}
      {before.length === 0 && shown.length === 0 && <MenuNote>{w.noCommands}</MenuNote>}
    </>
  );
}
