import { Button } from '@mantine/core';
import { useState } from 'react';
import { PasswordField } from '../../shell/password-field';
import { useWords } from '../../words/words';
import { Raw } from '../parts';
import css from './people.module.css';
import { words } from './words';

/** Without what is mixed up when it is read aloud. */
const letters = 'abcdefghijkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXYZ234679';

/** Four groups of four, 91 bits. */
export function proposal(): string {
  const drawn: string[] = [];
  while (drawn.length < 16) {
    const [n = 0] = crypto.getRandomValues(new Uint8Array(1));
    if (n < 256 - (256 % letters.length)) { // each letter is as likely as any other
      drawn.push(letters[n % letters.length]!);
    }
  }
  return [0, 4, 8, 12].map((at) => drawn.slice(at, at + 4).join('')).join('-');
}

/** A password that an administrator gives to somebody, typed or proposed. */
export function NewPassword({ label, value, set, error, description, focused }: {
  label: string;
  value: string;
  set(value: string): void;
  error: string | undefined;
  description: string;
  focused?: boolean;
}) {
  const w = useWords(words);
  const [proposed, setProposed] = useState('');
  return (
    <>
      <div className={css.password}>
        <PasswordField
          label={label} description={description} size="md" autoComplete="new-password" data-autofocus={focused || undefined}
          value={value} error={error} onChange={(e) => set(e.currentTarget.value)}
        />
        <Button size="compact-md" variant="default" onClick={() => {
          const made = proposal();
          set(made);
          setProposed(made);
        }}>{w.propose}</Button>
      </div>
      {proposed !== '' && proposed === value && <div role="status">{w.proposed} <Raw text={proposed} /></div>}
    </>
  );
}
