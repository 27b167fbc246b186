import { Button, Checkbox, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import shared from '../admin/admin.module.css';
import { useSaving } from '../admin/saving';
import { words as common } from '../admin/words';
import { ask } from '../api/ask';
import { PreferencesSetDocument, type MyPreferencesQuery } from '../generated/graphql';
import { Icon } from '../shell/icon';
import { Waiting } from '../shell/states';
import { useToast } from '../shell/toasts';
import { useWords } from '../words/words';
import css from './me.module.css';
import { clockOf, minutesOf, usePreferences } from './preferences';
import { words, type MeWords } from './words';

type Preferences = MyPreferencesQuery['viewer']['preferences'];

/** What one is told by e-mail, and when. */
export function Notices() {
  const { data, dataUpdatedAt } = usePreferences();
  return data ? <Form key={dataUpdatedAt} preferences={data} /> : <Waiting />;
}

function Form({ preferences }: { preferences: Preferences }) {
  const w = useWords(words);
  const c = useWords(common);
  const toast = useToast();
  const answers = useQueryClient();
  const saving = useSaving();
  const [fields, setFields] = useState(preferences);
  const set = (some: Partial<Preferences>): void => setFields((f) => ({ ...f, ...some }));
  const submit = async (): Promise<void> => {
    if (await saving.save(async () => (await ask(PreferencesSetDocument, { input: fields })).preferencesSet.userErrors)) {
      toast({ text: w.saved });
      void answers.invalidateQueries({ queryKey: ['viewer', 'preferences'] });
    }
  };
  return (
    <form ref={saving.form} className={css.page} noValidate onSubmit={(e) => {
      e.preventDefault();
      void submit();
    }}>
      <p className={shared.said}>{w.noticesTold}</p>
      <fieldset className={css.kinds}>
        <legend>{w.kinds}</legend>
        {(Object.keys(w.kindsOf) as (keyof MeWords['kindsOf'])[]).map((kind) => (
          <Checkbox
            key={kind} size="md" label={w.kindsOf[kind]} description={kind === 'glass' ? w.always : undefined} disabled={kind === 'glass'} checked={!fields.muted.includes(kind)}
            onChange={(e) => set({ muted: e.currentTarget.checked ? fields.muted.filter((m) => m !== kind) : [...fields.muted, kind] })}
          />
        ))}
      </fieldset>
      <div className={css.row}>
        <Checkbox size="md" label={w.digest} checked={fields.digest} onChange={(e) => set({ digest: e.currentTarget.checked })} />
        {fields.digest && <TextInput type="time" label={w.digestAt} value={clockOf(fields.digestMinute)} onChange={(e) => set({ digestMinute: minutesOf(e.currentTarget.value) })} />}
      </div>
      <fieldset className={css.quiet}>
        <legend>{w.quiet}</legend>
        <TextInput type="time" label={w.quietFrom} value={clockOf(fields.quietFrom)} onChange={(e) => set({ quietFrom: minutesOf(e.currentTarget.value) })} />
        <TextInput type="time" label={w.quietUntil} value={clockOf(fields.quietUntil)} onChange={(e) => set({ quietUntil: minutesOf(e.currentTarget.value) })} />
        <small>{w.quietTold}</small>
      </fieldset>
      {saving.whole && <p className={shared.wrong} role="alert"><Icon name="alert" /> {saving.whole}</p>}
      <div><Button type="submit" loading={saving.saving}>{c.save}</Button></div>
    </form>
  );
}
