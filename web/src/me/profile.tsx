import { Button, NativeSelect } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import shared from '../admin/admin.module.css';
import { useOfficeStates } from '../admin/offices/offices';
import { said } from '../admin/people/said';
import { sightOf } from '../admin/people/sight';
import { words as people } from '../admin/people/words';
import { Fact } from '../admin/parts';
import { useSaving } from '../admin/saving';
import { ask } from '../api/ask';
import { goToSignIn } from '../api/session';
import { PasswordChangeDocument, PreferencesSetDocument } from '../generated/graphql';
import { useHouse } from '../shell/house';
import { Icon } from '../shell/icon';
import { PasswordField } from '../shell/password-field';
import { useToast } from '../shell/toasts';
import { useSpeech, useWords } from '../words/words';
import css from './me.module.css';
import { usePreferences } from './preferences';
import { words } from './words';

/** Who one is here, what one sees, the language, and the password. */
export function Profile() {
  const { dates } = useSpeech();
  const w = useWords(words);
  const p = useWords(people);
  const { viewer: { user } } = useHouse();
  const { data: offices } = useOfficeStates();
  return (
    <div className={css.page}>
      <dl className={shared.facts}>
        <Fact name={w.name}>{user.name}</Fact>
        <Fact name={w.email}>{user.email}</Fact>
      </dl>
      {offices && <ul className={css.sight}>{sightOf({ ...user, disabled: false }, offices, new Date()).map((s) => <li key={JSON.stringify(s)}>{said(s, p, dates.day)}</li>)}</ul>}
      <p className={shared.quiet}>{p.sightNote} {w.rolesTold}</p>
      <Language />
      <Password />
    </div>
  );
}

function Language() {
  const { language, change } = useSpeech();
  const w = useWords(words);
  const toast = useToast();
  const answers = useQueryClient();
  const { data } = usePreferences();
  const saving = useSaving();
  const choose = async (chosen: 'IT' | 'EN'): Promise<void> => {
    change(chosen === 'EN' ? 'en' : 'it');
    if (data && await saving.save(async () => (await ask(PreferencesSetDocument, { input: { ...data, language: chosen } })).preferencesSet.userErrors)) {
      void answers.invalidateQueries({ queryKey: ['viewer'] });
      toast({ text: w.languageSet });
    }
  };
  return (
    <NativeSelect
      className={css.narrow} label={w.language} description={w.languageTold} value={language === 'en' ? 'EN' : 'IT'} error={saving.whole || undefined}
      data={(['IT', 'EN'] as const).map((l) => ({ value: l, label: w.languages[l] }))} onChange={(e) => void choose(e.currentTarget.value === 'EN' ? 'EN' : 'IT')}
    />
  );
}

function Password() {
  const w = useWords(words);
  const { viewer: { user } } = useHouse();
  const saving = useSaving('oldPassword', 'newPassword', 'password', 'again');
  const [fields, setFields] = useState({ old: '', fresh: '', again: '' });
  const submit = async (): Promise<void> => {
    const done = await saving.save(async () => {
      if (fields.fresh !== fields.again) {
        return [{ __typename: 'CommandError', message: w.notAlike, code: 'INVALID', path: ['again'] }];
      }
      return (await ask(PasswordChangeDocument, { input: { oldPassword: fields.old, newPassword: fields.fresh } })).passwordChange.userErrors;
    });
    if (done) {
      goToSignIn();
    }
  };
  return (
    <form ref={saving.form} className={css.part} noValidate aria-label={w.password} onSubmit={(e) => {
      e.preventDefault();
      void submit();
    }}>
      <h2>{w.password}</h2>
      <p className={shared.quiet}>{w.passwordEnds}</p>
      <input type="text" name="username" autoComplete="username" hidden readOnly value={user.email ?? ''} />
      <PasswordField label={w.oldPassword} autoComplete="current-password" value={fields.old} error={saving.at('oldPassword')} onChange={(e) => setFields({ ...fields, old: e.currentTarget.value })} />
      <PasswordField label={w.newPassword} description={w.newPasswordTold} autoComplete="new-password" value={fields.fresh} error={saving.at('newPassword') ?? saving.at('password')} onChange={(e) => setFields({ ...fields, fresh: e.currentTarget.value })} />
      <PasswordField label={w.again} autoComplete="new-password" value={fields.again} error={saving.at('again')} onChange={(e) => setFields({ ...fields, again: e.currentTarget.value })} />
      {saving.whole && <p className={shared.wrong} role="alert"><Icon name="alert" /> {saving.whole}</p>}
      <div><Button type="submit" disabled={Object.values(fields).some((f) => f === '')} loading={saving.saving}>{w.password}</Button></div>
    </form>
  );
}
