import { Checkbox, Modal, Textarea, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Suggested } from '../cases/preview';
import { Choices } from '../shell/choices';
import { useOpenOffices, type Office } from '../shell/house';
import { matches } from '../shell/match';
import { useSpeech, useWords } from '../words/words';
import css from './office-picker.module.css';
import { words } from './words';

/** Where to: two or three letters of an office, and Enter. */
export default function OfficePicker({ title, first, isOne, choose, close }: {
  title: string;
  first: readonly Suggested[];
  /** Whether it is about one case: it may have other offices for information. */
  isOne: boolean;
  choose(office: Suggested['office'], note: string, informed: readonly Suggested['office'][]): void;
  close(): void;
}) {
  const { t } = useSpeech();
  const [note, setNote] = useState('');
  const [informed, inform] = useState<readonly Office[]>([]);
  return (
    <Modal opened onClose={close} title={title} yOffset="10vh" classNames={{ inner: css.place, content: css.sheet }} closeButtonProps={{ 'aria-label': t.close }}>
      <OfficeChoices first={first} choose={(office) => choose(office, note, informed.filter((o) => o.id !== office.id))} />
      <Textarea label={t.desk.note} autosize minRows={1} maxRows={5} maxLength={4000} value={note} onChange={(e) => setNote(e.currentTarget.value)} />
      {isOne && <Informed offices={informed} inform={inform} />}
    </Modal>
  );
}

/** Which offices have the case for information, besides the one that is competent. */
function Informed({ offices: informed, inform }: { offices: readonly Office[]; inform(offices: readonly Office[]): void }) {
  const w = useWords(words);
  const offices = useOpenOffices();
  const [text, setText] = useState('');
  const isOn = (office: Office): boolean => informed.some((o) => o.id === office.id);
  return (
    <details className={css.informed}>
      <summary>{w.informed(informed.length)}</summary>
      <p>{w.informedTold}</p>
      <TextInput size="sm" aria-label={w.findOffice} placeholder={w.findOffice} value={text} onChange={(e) => setText(e.currentTarget.value)} />
      <ul>
        {offices.filter((o) => isOn(o) || matches(text, `${o.name} ${o.code}`)).map((o) => (
          <li key={o.id}>
            <Checkbox size="md" label={o.name} checked={isOn(o)} onChange={() => inform(isOn(o) ? informed.filter((i) => i.id !== o.id) : [...informed, o])} />
          </li>
        ))}
      </ul>
    </details>
  );
}

export function OfficeChoices({ first, choose }: {
  /** Offices that stand first while nothing is looked for, each with why. */
  first: readonly Suggested[];
  choose(office: Suggested['office']): void;
}) {
  const { t } = useSpeech();
  const offices = useOpenOffices();
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
