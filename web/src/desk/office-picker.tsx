import { Modal, Textarea, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Suggested } from '../cases/preview';
import { Choices } from '../shell/choices';
import { useOffices } from '../shell/house';
import { matches } from '../shell/match';
import { useSpeech } from '../words/words';
import css from './office-picker.module.css';

/** Where to: two or three letters of an office, and Enter. */
export default function OfficePicker({ title, first, choose, close }: {
  title: string;
  first: readonly Suggested[];
  choose(office: Suggested['office'], note: string): void;
  close(): void;
}) {
  const { t } = useSpeech();
  const [note, setNote] = useState('');
  return (
    <Modal opened onClose={close} title={title} yOffset="10vh" classNames={{ inner: css.place, content: css.sheet }} closeButtonProps={{ 'aria-label': t.close }}>
      <OfficeChoices first={first} choose={(office) => choose(office, note)} />
      <Textarea label={t.desk.note} autosize minRows={1} maxRows={5} maxLength={4000} value={note} onChange={(e) => setNote(e.currentTarget.value)} />
    </Modal>
  );
}

export function OfficeChoices({ first, choose }: {
  /** Offices that stand first while nothing is looked for, each with why. */
  first: readonly Suggested[];
  choose(office: Suggested['office']): void;
}) {
  const { t } = useSpeech();
  const offices = useOffices();
  const [text, setText] = useState('');
  const isTouched = matchMedia('(pointer: coarse)').matches; // its keyboard would cover what is suggested
  const choices = useMemo(() => {
    const suggested = new Map(first.map((s) => [s.office.id, s.reason]));
    const ordered = [...first.map((s) => s.office), ...offices.filter((o) => !suggested.has(o.id))];
    const codes = new Map(offices.map((o) => [o.id, o.code]));
    return ordered.filter((o) => matches(text, `${o.name} ${codes.get(o.id) ?? ''}`))
      .map((office) => ({ id: office.id, title: office.name, note: suggested.get(office.id) ?? codes.get(office.id), office }));
  }, [offices, first, text]);
  return (
    <Choices
      label={t.desk.officeSearch}
      empty={t.nothingFound}
      choices={choices}
      choose={(c) => choose(c.office)}
      input={(props) => (
        <TextInput {...props} data-autofocus={isTouched ? undefined : true} label={t.desk.officeSearch} placeholder={t.desk.officePlaceholder} value={text} onChange={(e) => setText(e.currentTarget.value)} />
      )}
    />
  );
}
