import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ErrorFragment } from '../generated/graphql';
import css from './admin.module.css';
import { FormDialog } from './form-dialog';
import { useSaving } from './saving';

/** Asks before something is taken away: says what it hits, and wants a word typed. */
export function Confirm({ title, impact, label, typed, verb, command, done, close }: {
  title: string;
  impact: string;
  label: string;
  /** What has to be typed. */
  typed: string;
  verb: string;
  command(): Promise<readonly ErrorFragment[]>;
  done(): void;
  close(): void;
}) {
  const saving = useSaving();
  const [text, setText] = useState('');
  const submit = async (): Promise<void> => {
    if (await saving.save(command)) {
      done();
      close();
    }
  };
  return (
    <FormDialog title={title} verb={verb} isDangerous isKept={false} possible={text.trim().toLowerCase() === typed.trim().toLowerCase()} saving={saving} submit={() => void submit()} close={close}>
      <p className={css.impact}>{impact}</p>
      <TextInput label={label} size="md" data-autofocus autoComplete="off" value={text} onChange={(e) => setText(e.currentTarget.value)} />
    </FormDialog>
  );
}
