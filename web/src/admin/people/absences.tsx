import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../../api/ask';
import { startOfDay } from '../../shell/days';
import { PersonAbsenceCancelDocument, PersonAbsencePlanDocument, PersonAbsencesDocument, type PersonAbsenceFragment } from '../../generated/graphql';
import { Icon } from '../../shell/icon';
import { useToast } from '../../shell/toasts';
import { useSpeech, useWords } from '../../words/words';
import shared from '../admin.module.css';
import { useSaving } from '../saving';
import { useTelling } from '../telling';
import { lastOf } from './members';
import css from './people.module.css';
import { words } from './words';

/** When a person is away, and who stands in. */
export function useAbsences(userId: string) {
  return useQuery({
    queryKey: ['people', 'absences', userId],
    queryFn: async ({ signal }) => {
      const { node } = await ask(PersonAbsencesDocument, { id: userId }, signal);
      return node && 'absences' in node ? node : null;
    },
  });
}

export function Absences({ userId }: { userId: string }) {
  const { dates } = useSpeech();
  const w = useWords(words);
  const tell = useTelling();
  const answers = useQueryClient();
  const { data } = useAbsences(userId);
  const there = data?.absences ?? [];
  const cancel = async (a: PersonAbsenceFragment): Promise<void> => {
    await tell(async () => (await ask(PersonAbsenceCancelDocument, { id: a.id })).absenceCancel.userErrors, { text: w.absenceCancelled });
    void answers.invalidateQueries({ queryKey: ['people'] });
  };
  const delegates = new Map(data?.memberships.nodes.flatMap((m) => m.office.members.nodes).filter((m) => m.user.id !== userId).map((m) => [m.user.id, m.user.name]));
  return (
    <section className={css.part} aria-label={w.absences}>
      <h3>{w.absences}</h3>
      <p className={shared.quiet}>{w.absenceTold}</p>
      {there.length === 0 && <p>{w.noAbsences}</p>}
      <ul className={css.list}>
        {there.map((a) => (
          <li key={a.id}>
            <span>{w.absenceOf(dates.day(a.from), dates.day(lastOf(a.until)), a.delegate.name)} – {w.absenceStates[a.state]}</span>
            <Button size="compact-md" variant="default" onClick={() => void cancel(a)}>{a.state === 'ACTIVE' ? w.absenceEnd : w.absenceCancel}</Button>
          </li>
        ))}
      </ul>
      {data && (delegates.size === 0 ? <p className={shared.quiet}>{w.noDelegates}</p> : <Plan userId={userId} delegates={delegates} />)}
    </section>
  );
}

const nothing = { delegateId: '', from: '', until: '' };

function Plan({ userId, delegates }: { userId: string; delegates: ReadonlyMap<string, string> }) {
  const w = useWords(words);
  const toast = useToast();
  const answers = useQueryClient();
  const saving = useSaving('delegateId', 'from', 'until');
  const [fields, setFields] = useState(nothing);
  const set = (some: Partial<typeof nothing>): void => setFields((f) => ({ ...f, ...some }));
  const isFull = Object.values(fields).every((f) => f !== '');
  const submit = async (): Promise<void> => {
    const input = { userId, delegateId: fields.delegateId, from: startOfDay(fields.from).toISOString(), until: startOfDay(fields.until, 1).toISOString() };
    if (await saving.save(async () => (await ask(PersonAbsencePlanDocument, { input })).absencePlan.userErrors)) {
      toast({ text: w.absencePlanned });
      setFields(nothing);
      void answers.invalidateQueries({ queryKey: ['people'] });
    }
  };
  return (
    <form ref={saving.form} className={css.row} noValidate onSubmit={(e) => {
      e.preventDefault();
      if (isFull) {
        void submit();
      }
    }}>
      <TextInput type="date" label={w.firstDay} value={fields.from} error={saving.at('from')} onChange={(e) => set({ from: e.currentTarget.value })} />
      <TextInput type="date" label={w.lastDay} value={fields.until} error={saving.at('until')} onChange={(e) => set({ until: e.currentTarget.value })} />
      <NativeSelect
        label={w.delegate} value={fields.delegateId} error={saving.at('delegateId')} onChange={(e) => set({ delegateId: e.currentTarget.value })}
        data={[{ value: '', label: w.noDelegate }, ...[...delegates].toSorted((a, b) => a[1].localeCompare(b[1], 'it')).map(([value, label]) => ({ value, label }))]}
      />
      <Button type="submit" variant="default" disabled={!isFull} loading={saving.saving} leftSection={<Icon name="plus" size={16} />}>{w.absencePlan}</Button>
      {saving.whole && <p className={shared.wrong} role="alert"><Icon name="alert" /> {saving.whole}</p>}
    </form>
  );
}
