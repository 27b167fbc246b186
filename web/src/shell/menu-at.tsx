// A menu at a place on the screen: beside the button that opened it, or where
// somebody clicked. It comes when the first one is opened.

import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { useSpeech } from '../words/words';
import { useScheme } from './commands';
import { keyOf, type Command } from './keys';
import css from './menu-at.module.css';

export interface Spot {
  x: number;
  y: number;
}

export default function MenuAt({ label, at, towards = 'end', close, children }: {
  label: string;
  at: Spot;
  /** Which of its corners is at the place. */
  towards?: 'start' | 'end';
  close(): void;
  children: ReactNode;
}) {
  return (
    <Menu opened onClose={close} position={`bottom-${towards}`} withinPortal returnFocus={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <button type="button" tabIndex={-1} aria-label={label} style={{ position: 'fixed', left: at.x, top: at.y, width: 0, padding: 0, border: 0 }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={label} onClick={(e) => e.stopPropagation()} onKeyDown={(e) => e.stopPropagation() /* its keys are not the page's */}>
        {children}
      </Menu.Dropdown>
    </Menu>
  );
}

/** A command as it stands in a menu, with its key. */
export function MenuCommand({ command, icon }: { command: Command; icon?: ReactNode }) {
  const { t } = useSpeech();
  const [scheme] = useScheme();
  const keys = keyOf(command, scheme);
  return (
    <Menu.Item
      className={css.item} disabled={command.possible === false} leftSection={icon} onClick={command.run}
      rightSection={keys && <span className={css.hint} aria-hidden>{keys.split(' ').map((k) => <kbd key={k}>{t.keyNames[k] ?? k}</kbd>)}</span>}
    >
      {command.title}
    </Menu.Item>
  );
}

/** Says why there is no command. */
export function MenuNote({ children }: { children: ReactNode }) {
  return <Menu.Label role="status">{children}</Menu.Label>;
}

export const MenuLine = Menu.Divider;
