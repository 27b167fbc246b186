// The menu of a row, at its ⋯ or where somebody clicked: the commands that are marked
// as those of a row, which the palette and the keys have as well.

import { Menu } from '@mantine/core';
import { useAllCommands, useScheme } from '../shell/commands';
import { keyOf } from '../shell/keys';
import { useSpeech, useWords } from '../words/words';
import { words } from './filter-words';

export interface Spot {
  x: number;
  y: number;
}

export default function RowMenu({ number, at, known, close }: {
  number: string;
  at: Spot;
  /** Whether it is known already what may be done. */
  known: boolean;
  close(): void;
}) {
  const { t } = useSpeech();
  const w = useWords(words);
  const [scheme] = useScheme();
  const commands = useAllCommands().filter((c) => c.ofRow);
  return (
    <Menu opened onClose={close} position="bottom-start" withinPortal returnFocus={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <button type="button" tabIndex={-1} aria-label={w.menuOf(number)} style={{ position: 'fixed', left: at.x, top: at.y, width: 0, padding: 0, border: 0 }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={w.menuOf(number)} onKeyDown={(e) => e.stopPropagation() /* its keys are not the page's */}>
        {known ? commands.map((c) => {
          const key = keyOf(c, scheme);
          return (
            <Menu.Item
              key={c.id} disabled={c.possible === false} onClick={c.run}
              rightSection={key && <span aria-hidden>{key.split(' ').map((k) => <kbd key={k}>{t.keyNames[k] ?? k}</kbd>)}</span>}
            >
              {c.title}
            </Menu.Item>
          );
        }) : <Menu.Label role="status">{t.waiting}</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  );
}
