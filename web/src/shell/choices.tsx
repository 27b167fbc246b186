// A text field above a list: arrows move in the list while the focus stays in the
// field, Enter chooses (WAI-ARIA combobox with a list that is always open).

import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import css from './shell.module.css';

export interface Choice {
  id: string;
  title: string;
  note?: string;
  key?: string;
}

interface InputProps {
  role: 'combobox';
  'aria-expanded': true;
  'aria-controls': string;
  'aria-activedescendant': string | undefined;
  'aria-autocomplete': 'list';
  autoComplete: 'off';
  onKeyDown(event: KeyboardEvent): void;
}

export function Choices<C extends Choice>({ label, empty, choices, choose, input }: {
  label: string;
  empty: string;
  choices: readonly C[];
  choose: (choice: C) => void;
  input: (props: InputProps) => ReactNode;
}) {
  const list = useId();
  const [active, setActive] = useState(0);
  const at = Math.min(active, choices.length - 1);
  const current = choices[at];
  const box = useRef<HTMLUListElement>(null);
  useEffect(() => {
    box.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [at, choices]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[event.key];
    if (move !== undefined) {
      event.preventDefault();
      setActive(Math.max(0, Math.min(choices.length - 1, move)));
    } else if (event.key === 'Enter' && current) {
      event.preventDefault();
      choose(current);
    }
  };
  return (
    <>
      {input({
        role: 'combobox', 'aria-expanded': true, 'aria-controls': list, 'aria-autocomplete': 'list', autoComplete: 'off',
        'aria-activedescendant': current ? `${list}-${at}` : undefined, onKeyDown,
      })}
      <ul id={list} ref={box} role="listbox" aria-label={label} className={css.choices}>
        {choices.map((choice, i) => (
          <li
            key={choice.id}
            id={`${list}-${i}`}
            role="option"
            aria-selected={i === at}
            onPointerMove={() => setActive(i)}
            onClick={() => choose(choice)}
          >
            <span>{choice.title}</span>
            {choice.note && <small>{choice.note}</small>}
            {choice.key && <kbd>{choice.key}</kbd>}
          </li>
        ))}
      </ul>
      {choices.length === 0 && <p className={css.nothing} role="status">{empty}</p>}
    </>
  );
}
