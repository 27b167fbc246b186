// To whom it goes: each address with what is known of it.

import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { AddressInput, MailSystem } from '../generated/graphql';
import { Icon } from '../shell/icon';
import { useWords } from '../words/words';
import { addressesOf, isAddress, withAddresses } from './addresses';
import css from './reply.module.css';
import { words } from './words';

/** Whether addresses, in lower case, are certified mail. */
export type Systems = ReadonlyMap<string, MailSystem>;

export function Recipients({ label, list, change, systems, disabled, focus = false, beside }: {
  label: string;
  list: readonly AddressInput[];
  change(list: AddressInput[]): void;
  systems: Systems;
  disabled: boolean;
  focus?: boolean;
  /** What stands at the end of the line. */
  beside?: ReactNode;
}) {
  const w = useWords(words);
  const id = useId();
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const take = (typed: string): void => {
    const found = addressesOf(typed);
    if (found.length > 0) {
      change(withAddresses(list, found));
    }
    setText('');
  };
  const press = (event: KeyboardEvent): void => {
    if ((event.key === 'Enter' && !event.ctrlKey || event.key === ',' || event.key === ';') && text.trim() !== '') {
      event.preventDefault();
      take(text);
    } else if (event.key === 'Backspace' && text === '' && list.length > 0) {
      change(list.slice(0, -1));
    }
  };
  return (
    <div className={css.field} role="group" aria-label={label}>
      <label htmlFor={id}>{label}</label>
      <div className={css.recipients} onClick={() => input.current?.focus()}>
        {list.length > 0 && (
          <ul aria-label={label}>
            {list.map((a) => (
              <li key={a.address}>
                <span title={a.address}>{a.name || a.address}</span>
                <Badge address={a.address} systems={systems} />
                {!disabled && (
                  <button type="button" aria-label={w.removeAddress(a.address)} onClick={() => {
                    change(list.filter((x) => x !== a));
                    input.current?.focus();
                  }}>
                    <Icon name="close" size={14} />
                  </button>
                )}
              </li>
            ))}
          </ul>
        )}
        <input
          id={id} ref={input} type="text" inputMode="email" autoComplete="off" autoCapitalize="off" spellCheck={false} autoFocus={focus} disabled={disabled}
          aria-label={w.addAddress(label)} placeholder={list.length === 0 ? w.addressPlaceholder : ''} value={text}
          onChange={(e) => setText(e.currentTarget.value)} onKeyDown={press} onBlur={() => take(text)}
          onPaste={(e) => {
            const pasted = e.clipboardData.getData('text/plain');
            if (/[@].*[,;\n]|<.*@/s.test(pasted)) {
              e.preventDefault();
              take(text + pasted);
            }
          }}
        />
      </div>
      {beside}
    </div>
  );
}

/** Whether an address is a PEC, as far as is known. */
export function Badge({ address, systems }: { address: string; systems: Systems }) {
  const w = useWords(words);
  if (!isAddress(address)) {
    return <span className={css.badge} data-system="WRONG"><Icon name="warning" size={12} /> {w.notAnAddress}</span>;
  }
  const system = systems.get(address.toLowerCase());
  return system && (
    <span className={css.badge} data-system={system} title={w.systemTold[system]}>
      <Icon name={system === 'CERTIFIED' ? 'shield' : system === 'ORDINARY' ? 'warning' : 'question'} size={12} /> {w.systems[system]}
    </span>
  );
}
