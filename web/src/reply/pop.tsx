// A tool that opens a small menu: arrows move in it, Escape leads back to the tool,
// and what is chosen leads back into the text.

import { Popover } from '@mantine/core';
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Icon, type IconName } from '../shell/icon';
import css from './toolbar.module.css';

export interface Choice {
  id: string;
  title: string;
  /** How it looks, for instance in its font. */
  looks?: React.CSSProperties;
  /** A patch of colour beside it. */
  patch?: string;
  checked?: boolean;
  possible?: boolean;
}

export function Pop({ id, label, icon, text, choices, choose, tool, grid = false }: {
  id: string;
  label: string;
  icon?: IconName;
  text?: string;
  choices: readonly Choice[];
  choose(id: string): void;
  /** What a tool of the toolbar needs to be one. */
  tool: { tabIndex: number; onFocus(): void };
  grid?: boolean;
}): ReactNode {
  const [open, setOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const items = (): HTMLElement[] => [...(menu.current?.querySelectorAll<HTMLElement>('[role^=menuitem]:not([aria-disabled=true])') ?? [])];
  const close = (back: boolean): void => {
    setOpen(false);
    if (back) {
      trigger.current?.focus();
    }
  };
  const move = (event: KeyboardEvent): void => {
    event.stopPropagation(); // it is no business of the toolbar's
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all[(to + all.length) % all.length]?.focus();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      close(true);
    }
  };
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" offset={2} withRoles={false} trapFocus={false} returnFocus={false} shadow="md">
      <Popover.Target>
        <button
          ref={trigger} type="button" data-tool={id} className={css.tool} aria-label={text ? `${label}: ${text}` : label} title={label} aria-haspopup="menu" aria-expanded={open} {...tool}
          onMouseDown={(e) => e.preventDefault()}
          onClick={() => setOpen(!open)}
          onKeyDown={(e) => {
            if (e.key === 'ArrowDown') {
              e.preventDefault();
              setOpen(true);
            }
          }}
        >
          {icon && <Icon name={icon} />}
          {text && <span className={css.value}>{text}</span>}
          <Icon name="chevronDown" size={12} />
        </button>
      </Popover.Target>
      <Popover.Dropdown className={css.dropdown}>
        <div
          ref={(element) => {
            const first = menu.current === null && element !== null;
            menu.current = element;
            if (first) {
              (element.querySelector<HTMLElement>('[aria-checked=true]') ?? items()[0])?.focus();
            }
          }}
          role="menu" aria-label={label} tabIndex={-1} data-grid={grid || undefined} className={css.menu} onKeyDown={move}
        >
          {choices.map((c) => (
            <button
              key={c.id} type="button" tabIndex={-1} style={c.looks}
              role={c.checked === undefined ? 'menuitem' : 'menuitemradio'} aria-checked={c.checked} aria-disabled={c.possible === false || undefined}
              onClick={() => {
                if (c.possible !== false) {
                  close(false);
                  choose(c.id);
                }
              }}
            >
              {c.patch !== undefined && <span className={css.patch} style={{ background: c.patch }} aria-hidden />}
              {c.title}
            </button>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
