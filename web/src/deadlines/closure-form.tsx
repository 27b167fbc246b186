import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { FormDialog } from '../admin/form-dialog';
import { State } from '../admin/parts';
import { useSaving } from '../admin/saving';
import { words as common } from '../admin/words';
import { dayOf } from '../shell/days';
import { useOffices } from '../shell/house';
import { useToast } from '../shell/toasts';
import { useWords } from '../words/words';
import css from './deadlines.module.css';
import { useCommandsOfCalendar, type Closure } from './kept';
import { words } from './words';

/** A new closure, or other days of one that people keep: as it is now, however often it changes meanwhile. */
export function ClosureForm({ closure, close }: { closure: Closure | undefined; close(): void }) {
  const w = useWords(words);
  const c = useWords(common);
  const toast = useToast();
  const offices = useOffices();
  const { setClosure } = useCommandsOfCalendar();
  const saving = useSaving('name', 'from', 'to', 'officeId');
  const [seen] = useState(closure);
  const [name, setName] = useState(closure?.name ?? '');
  const [from, setFrom] = useState(closure?.from ?? dayOf(new Date()));
  const [to, setTo] = useState(closure?.to ?? '');
  const [officeId, setOffice] = useState(closure?.office?.id ?? '');
  const submit = async (): Promise<void> => {
    const same = closure ? { closureId: closure.id, version: closure.version } : {};
    if (await saving.save(() => setClosure({ ...same, name, from, to: to || null, officeId: officeId || null }))) {
      toast({ text: w.daysOff.saved(name.trim()) });
      close();
    }
  };
  return (
    <FormDialog title={seen ? w.daysOff.editTitle(seen.name) : w.daysOff.addTitle} verb={c.save} saving={saving} submit={() => void submit()} close={close}>
      {closure?.version !== seen?.version && <State tone="warn">{w.kept.moved}</State>}
      <TextInput label={w.daysOff.name} placeholder={w.daysOff.namePlaceholder} size="md" required data-autofocus maxLength={100} value={name} error={saving.at('name')} onChange={(e) => setName(e.currentTarget.value)} />
      <div className={css.pair}>
        <TextInput type="date" label={w.daysOff.from} size="md" required value={from} error={saving.at('from')} onChange={(e) => setFrom(e.currentTarget.value)} />
        <TextInput type="date" label={w.daysOff.to} size="md" value={to} error={saving.at('to')} onChange={(e) => setTo(e.currentTarget.value)} />
      </div>
      <NativeSelect
        label={w.daysOff.whose} size="md" disabled={seen !== undefined} value={officeId} error={saving.at('officeId')}
        data={[{ value: '', label: w.house }, ...offices.map((o) => ({ value: o.id, label: o.name }))]} onChange={(e) => setOffice(e.currentTarget.value)}
      />
      <p className={css.quiet}>{w.kept.later}</p>
    </FormDialog>
  );
}
