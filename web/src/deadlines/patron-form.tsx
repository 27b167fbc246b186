import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { FormDialog } from '../admin/form-dialog';
import { State } from '../admin/parts';
import { useSaving } from '../admin/saving';
import { words as common } from '../admin/words';
import { useOffices } from '../shell/house';
import { useToast } from '../shell/toasts';
import { useSpeech, useWords } from '../words/words';
import { dayInWords } from './days-off';
import css from './deadlines.module.css';
import { patronOf, useCommandsOfCalendar, type Patron } from './kept';
import { words } from './words';

const two = (n: number): string => String(n).padStart(2, '0');

/** The patron saint's day of the house or of an office: where people keep one already, another. */
export function PatronForm({ officeId, all, close }: { officeId: string; all: readonly Patron[]; close(): void }) {
  const w = useWords(words);
  const c = useWords(common);
  const { language } = useSpeech();
  const toast = useToast();
  const offices = useOffices();
  const { setPatron } = useCommandsOfCalendar();
  const saving = useSaving('day', 'officeId');
  const [of, setOf] = useState(officeId);
  const now = patronOf(all, of);
  const [seen, setSeen] = useState(now?.version);
  const [day, setDay] = useState(now?.day ?? '01-01');
  const turn = (office: string): void => {
    const there = patronOf(all, office);
    setOf(office);
    setSeen(there?.version);
    setDay(there?.day ?? day);
  };
  const months = Array.from({ length: 12 }, (_, i) => ({
    value: two(i + 1), label: new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2024, i, 1)),
  }));
  const submit = async (): Promise<void> => {
    if (await saving.save(() => setPatron({ day, officeId: of || null, version: now?.version || null }))) {
      toast({ text: w.daysOff.patronSaved(dayInWords(day, language)) });
      close();
    }
  };
  return (
    <FormDialog title={w.daysOff.patronTitle} verb={c.save} saving={saving} submit={() => void submit()} close={close}>
      {now?.version !== seen && <State tone="warn">{w.kept.moved}</State>}
      <div className={css.pair}>
        <NativeSelect
          label={w.daysOff.day} size="md" data-autofocus value={day.slice(3)} error={saving.at('day')}
          data={Array.from({ length: 31 }, (_, i) => ({ value: two(i + 1), label: String(i + 1) }))} onChange={(e) => setDay(`${day.slice(0, 2)}-${e.currentTarget.value}`)}
        />
        <NativeSelect label={w.daysOff.month} size="md" value={day.slice(0, 2)} data={months} onChange={(e) => setDay(`${e.currentTarget.value}-${day.slice(3)}`)} />
      </div>
      <NativeSelect
        label={w.daysOff.whose} size="md" value={of} error={saving.at('officeId')}
        data={[{ value: '', label: w.house }, ...offices.map((o) => ({ value: o.id, label: o.name }))]} onChange={(e) => turn(e.currentTarget.value)}
      />
      <p className={css.quiet}>{w.kept.later}</p>
    </FormDialog>
  );
}
