// Who is away and who stands in; and who is deputy of the head, on which days.

import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { ask } from '../api/ask';
import { dayOf, startOfDay } from '../shell/days';
import { told, whyOf } from '../casework/refusal';
import {
  BoardAbsenceCancelDocument, BoardAbsencePlanDocument, BoardDeputyAddDocument, BoardDeputyRemoveDocument, BoardOfficeDocument, type BoardOfficeQuery, type ErrorFragment,
} from '../generated/graphql';
import { useHouse, useRoles, type Office } from '../shell/house';
import { Icon } from '../shell/icon';
import { Waiting } from '../shell/states';
import { useToast } from '../shell/toasts';
import { useSpeech, useWords } from '../words/words';
import css from './absences.module.css';
import { words } from './words';
import { groupBy } from '../shell/group-by';

type Member = Extract<NonNullable<BoardOfficeQuery['node']>, { members: unknown }>['members']['nodes'][number];

/** Gives a command and tells what became of it; true when it was done. */
type Give = (command: () => Promise<readonly ErrorFragment[]>, done: string) => Promise<boolean>;

function useGiving(): Give {
  const speech = useSpeech();
  const w = useWords(words).absences;
  const toast = useToast();
  const answers = useQueryClient();
  return async (command, done) => {
    try {
      const errors = await command();
      toast(errors.length > 0 ? { tone: 'trouble', text: w.refused(told(errors, speech)) } : { text: done });
      void answers.invalidateQueries({ queryKey: ['people'] });
      return errors.length === 0;
    } catch (failure) {
      toast({ tone: 'trouble', text: w.refused(whyOf(failure, speech.t)) });
      return false;
    }
  };
}

export function Absences({ office }: { office: Office }) {
  const w = useWords(words).absences;
  const { viewer } = useHouse();
  const { heads, administrator } = useRoles();
  const give = useGiving();
  const { data } = useQuery({
    queryKey: ['people', 'members', office.id],
    queryFn: async ({ signal }) => {
      const { node } = await ask(BoardOfficeDocument, { id: office.id }, signal);
      return node && 'members' in node ? node.members.nodes : [];
    },
  });
  if (!data) {
    return <Waiting />;
  }
  const now = new Date().toISOString();
  const current = data.filter((m) => (m.until ?? '9') > now);
  const people = [...groupBy(current, (m) => m.user.id).values()].sort((a, b) => a[0]!.user.name.localeCompare(b[0]!.user.name));
  const isHead = administrator || current.some((m) => m.role === 'HEAD' && m.user.id === viewer.user.id);
  const mayPlan = administrator || heads.some((o) => o.id === office.id);
  return (
    <div className={css.absences}>
      <section className={css.people}>
        <h2>{w.people}</h2>
        <ul>
          {people.map((roles) => <Person key={roles[0]!.user.id} roles={roles} office={office} give={give} mayPlan={mayPlan} mayName={isHead} />)}
        </ul>
      </section>
      {mayPlan && <PlanAbsence people={people.map(([m]) => m!.user)} give={give} />}
      {isHead && <NameDeputy office={office} people={people.filter((roles) => roles.every((m) => m.role !== 'HEAD')).map(([m]) => m!.user)} give={give} />}
      {!mayPlan && <p className={css.told}>{w.notYours}</p>}
    </div>
  );
}

function Person({ roles, office, give, mayPlan, mayName }: { roles: readonly Member[]; office: Office; give: Give; mayPlan: boolean; mayName: boolean }) {
  const { dates } = useSpeech();
  const w = useWords(words).absences;
  const { viewer } = useHouse();
  const { user } = roles[0]!;
  const deputy = roles.find((m) => m.role === 'DEPUTY');
  const absences = user.absences.filter((a) => a.state === 'ACTIVE' || a.state === 'PLANNED');
  const role = roles.some((m) => m.role === 'HEAD') ? w.head : roles.some((m) => m.role === 'OPERATOR') ? w.operator : '';
  return (
    <li>
      <div className={css.who}>
        <Icon name="person" size={16} /> <b>{user.name}</b> <span className={css.role}>{role}</span>
      </div>
      {deputy && (
        <p>
          <Icon name="shield" size={16} /> {w.deputyUntil(deputy.from ? dates.day(deputy.from) : '', deputy.until ? dates.day(lastDay(deputy.until)) : '')}
          {mayName && (
            <Button
              size="compact-md" variant="default" aria-label={w.revoke(user.name)}
              onClick={() => void give(async () => (await ask(BoardDeputyRemoveDocument, { input: { userId: user.id, officeId: office.id, role: 'DEPUTY' } })).memberRemove.userErrors, w.revoked(user.name))}
            >
              {w.revokeShort}
            </Button>
          )}
        </p>
      )}
      {absences.length === 0 && <p className={css.none}>{w.away}: {w.noAbsence}</p>}
      {absences.map((a) => {
        const runs = a.state === 'ACTIVE';
        return (
          <p key={a.id} data-runs={runs || undefined}>
            <Icon name="clock" size={16} /> {w.fromTo(dates.day(a.from), dates.day(lastDay(a.until)), a.delegate.name)}{runs && ` · ${w.running}`}
            {(mayPlan || user.id === viewer.user.id) && (
              <Button
                size="compact-md" variant="default" aria-label={runs ? w.endOf(user.name) : w.cancelOf(user.name, dates.day(a.from))}
                onClick={() => void give(async () => (await ask(BoardAbsenceCancelDocument, { input: { absenceId: a.id } })).absenceCancel.userErrors, runs ? w.ended : w.cancelled)}
              >
                {runs ? w.end : w.cancel}
              </Button>
            )}
          </p>
        );
      })}
    </li>
  );
}

/** The last day of what ends at a moment: the moment itself does not belong to it. */
function lastDay(until: string): Date {
  return new Date(new Date(until).getTime() - 1);
}

function PlanAbsence({ people, give }: { people: readonly { id: string; name: string }[]; give: Give }) {
  const { dates } = useSpeech();
  const w = useWords(words).absences;
  const [person, setPerson] = useState('');
  const [delegate, setDelegate] = useState('');
  const name = people.find((p) => p.id === person)?.name ?? '';
  return (
    <Days
      title={w.plan} told={w.planTold} from={w.from} until={w.until} verb={w.save} isReady={person !== '' && delegate !== ''}
      save={(from, until) => give(
        async () => (await ask(BoardAbsencePlanDocument, { input: { userId: person, delegateId: delegate, from, until } })).absencePlan.userErrors,
        w.planned(name, dates.day(from)),
      )}
    >
      <People label={w.person} people={people} value={person} choose={setPerson} />
      <People label={w.delegate} people={people.filter((p) => p.id !== person)} value={delegate} choose={setDelegate} />
    </Days>
  );
}

function NameDeputy({ office, people, give }: { office: Office; people: readonly { id: string; name: string }[]; give: Give }) {
  const w = useWords(words).absences;
  const [person, setPerson] = useState('');
  const name = people.find((p) => p.id === person)?.name ?? '';
  return (
    <Days
      title={w.nameDeputy} told={w.deputyTold} from={w.deputyFrom} until={w.deputyTo} verb={w.nominate} isReady={person !== ''}
      save={(from, until) => give(
        async () => (await ask(BoardDeputyAddDocument, { input: { userId: person, officeId: office.id, role: 'DEPUTY', from, until } })).memberAdd.userErrors,
        w.nominated(name),
      )}
    >
      <People label={w.deputyPerson} people={people} value={person} choose={setPerson} />
    </Days>
  );
}

function People({ label, people, value, choose }: { label: string; people: readonly { id: string; name: string }[]; value: string; choose(id: string): void }) {
  const w = useWords(words).absences;
  return (
    <NativeSelect
      label={label} size="md" required value={value} onChange={(e) => choose(e.currentTarget.value)}
      data={[{ value: '', label: w.choose }, ...people.map((p) => ({ value: p.id, label: p.name }))]}
    />
  );
}

/** A question about days, of which the last one counts. */
function Days({ title, told: explained, from, until, verb, isReady, save, children }: {
  title: string; told: string; from: string; until: string; verb: string; isReady: boolean;
  save(from: string, until: string): Promise<boolean>; children: ReactNode;
}) {
  const w = useWords(words).absences;
  const heading = useId();
  const [first, setFirst] = useState('');
  const [last, setLast] = useState('');
  const [busy, setBusy] = useState(false);
  const [lacks, setLacks] = useState(false);
  const today = dayOf(new Date());
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const complete = isReady && first !== '' && last !== '';
    setLacks(!complete);
    if (complete) {
      setBusy(true);
      if (await save(startOfDay(first).toISOString(), startOfDay(last, 1).toISOString())) {
        setFirst('');
        setLast('');
      }
      setBusy(false);
    }
  };
  return (
    <form className={css.form} aria-labelledby={heading} noValidate onSubmit={(e) => void submit(e)}>
      <h2 id={heading}>{title}</h2>
      <p className={css.told}>{explained}</p>
      {children}
      <div className={css.days}>
        <TextInput type="date" size="md" required label={from} min={today} value={first} onChange={(e) => setFirst(e.currentTarget.value)} />
        <TextInput type="date" size="md" required label={until} min={first || today} value={last} onChange={(e) => setLast(e.currentTarget.value)} />
      </div>
      {lacks && <p className={css.lacks} role="alert"><Icon name="warning" /> {w.all}</p>}
      <Button type="submit" size="md" loading={busy}>{verb}</Button>
    </form>
  );
}
