import { Button, Checkbox, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Suspense, useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { ask } from '../../api/ask';
import { UserSetDocument } from '../../generated/graphql';
import { Icon } from '../../shell/icon';
import { lazy } from '../../shell/lazily';
import { useToast } from '../../shell/toasts';
import { useSpeech, useWords } from '../../words/words';
import shared from '../admin.module.css';
import { changed, movedMeanwhile } from '../changes';
import { State } from '../parts';
import type { Office } from '../offices/offices';
import { useSaving } from '../saving';
import { useTelling } from '../telling';
import { words as common } from '../words';
import { Absences } from './absences';
import { Members } from './members';
import { houseRoles, type Someone } from './people';
import css from './people.module.css';
import { said } from './said';
import { sightOf } from './sight';
import { words } from './words';

const Disable = lazy(() => import('./disable'));
const SetPassword = lazy(() => import('./set-password'));

/** One person: name and roles, offices, absences, and what all of that lets that person see. */
export function Person({ person, offices, back }: { person: Someone; offices: readonly Office[]; back(): void }) {
  const { dates } = useSpeech();
  const w = useWords(words);
  const tell = useTelling();
  const answers = useQueryClient();
  const [asking, setAsking] = useState<'disable' | 'password' | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const enable = async (): Promise<void> => {
    await tell(async () => (await ask(UserSetDocument, { input: { userId: person.id, disabled: false } })).userSet.userErrors, { text: w.enabled(person.name) });
    void answers.invalidateQueries({ queryKey: ['people'] });
  };
  return (
    <div className={css.person}>
      <Button className={css.back} variant="subtle" size="compact-md" leftSection={<Icon name="arrowLeft" />} onClick={back}>{w.all}</Button>
      <header className={css.head}>
        <h2 ref={heading} tabIndex={-1}>{person.name}</h2>
        <span className={shared.quiet}>{person.email}</span>
        {person.disabled && <State tone="bad" icon="lock">{w.isOut}</State>}
        <span className={css.verbs}>
          <Link className={css.link} href={`/admin/register?person=${encodeURIComponent(person.id)}`}>{w.register}</Link>
          <Button size="compact-md" variant="default" onClick={() => setAsking('password')}>{w.setPassword}</Button>
          {person.disabled
            ? <Button size="compact-md" variant="default" onClick={() => void enable()}>{w.enable}</Button>
            : <Button size="compact-md" variant="outline" color="red" className={css.danger} onClick={() => setAsking('disable')}>{w.disable}</Button>}
        </span>
      </header>
      <section aria-label={w.sight(person.name)} className={css.sight}>
        <h3>{w.sight(person.name)}</h3>
        <ul>{sightOf(person, offices, new Date()).map((s) => <li key={JSON.stringify(s)}>{said(s, w, dates.day)}</li>)}</ul>
        <p className={shared.quiet}>{w.sightNote}</p>
      </section>
      <Roles person={person} />
      <Members person={person} offices={offices} />
      <Absences userId={person.id} />
      <Suspense>
        {asking === 'disable' && <Disable person={person} close={() => setAsking(null)} />}
        {asking === 'password' && <SetPassword person={person} close={() => setAsking(null)} />}
      </Suspense>
    </div>
  );
}

function fieldsOf(p: Someone) {
  return { name: p.name, sorter: p.sorter ?? false, administrator: p.administrator ?? false, auditor: p.auditor ?? false };
}

/** The name, and the roles for the whole house. */
function Roles({ person }: { person: Someone }) {
  const w = useWords(words);
  const c = useWords(common);
  const toast = useToast();
  const answers = useQueryClient();
  const saving = useSaving('name');
  const there = fieldsOf(person);
  const [before, setBefore] = useState(there);
  const [fields, setFields] = useState(before);
  const change = changed(before, fields);
  // Who has not touched anything sees what others change at once.
  const isTouched = Object.keys(change).length > 0;
  const moved = movedMeanwhile(before, there, fields);
  if (moved.length > 0 && !isTouched) {
    setBefore(there);
    setFields(there);
  }
  const submit = async (): Promise<void> => {
    if (await saving.save(async () => (await ask(UserSetDocument, { input: { userId: person.id, ...change } })).userSet.userErrors)) {
      setBefore(fields);
      await answers.invalidateQueries({ queryKey: ['people'] });
      toast({ text: w.renamed(fields.name) });
    }
  };
  return (
    <form ref={saving.form} className={css.part} noValidate onSubmit={(e) => {
      e.preventDefault();
      void submit();
    }}>
      <h3>{w.houseRoles}</h3>
      <TextInput className={css.name} label={w.name} required maxLength={200} value={fields.name} error={saving.at('name')} onChange={(e) => setFields({ ...fields, name: e.currentTarget.value })} />
      {houseRoles.map((r) => <Checkbox key={r} size="md" label={w.rolesOf[r]} description={w.rolesTold[r]} checked={fields[r]} onChange={(e) => setFields({ ...fields, [r]: e.currentTarget.checked })} />)}
      {moved.length > 0 && isTouched && <State tone="warn">{c.movedMeanwhile(moved.map((f) => (f === 'name' ? w.name : w.rolesOf[f])).join(', '))}</State>}
      {saving.whole && <p className={shared.wrong} role="alert"><Icon name="alert" /> {saving.whole}</p>}
      <div><Button type="submit" disabled={!isTouched} loading={saving.saving}>{c.save}</Button></div>
    </form>
  );
}
