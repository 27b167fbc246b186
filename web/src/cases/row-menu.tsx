// The menu of a row, at its ⋯ or where somebody clicked: the commands that are marked
// as those of a row, which the palette and the keys have as well.

import { useAllCommands } from '../shell/commands';
import MenuAt, { MenuCommand, MenuNote, type Spot } from '../shell/menu-at';
import { useSpeech, useWords } from '../words/words';
import { words } from './filter-words';

export default function RowMenu({ number, at, known, close }: {
  number: string;
  at: Spot;
  /** Whether it is known already what may be done. */
  known: boolean;
  close(): void;
}) {
  const { t } = useSpeech();
  const w = useWords(words);
  const commands = useAllCommands().filter((c) => c.ofRow);
  return (
    <MenuAt label={w.menuOf(number)} at={at} towards="start" close={close}>
      {known ? commands.map((c) => <MenuCommand key={c.id} command={c} />) : <MenuNote>{t.waiting}</MenuNote>}
    </MenuAt>
  );
}
