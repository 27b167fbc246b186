import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { FormDialog } from '../admin/form-dialog';
import { allPages } from '../admin/pages';
import { State } from '../admin/parts';
import { useSaving } from '../admin/saving';
import { words as common } from '../admin/words';
import { ask } from '../api/ask';
import { RuleMailboxesDocument, type TermKind } from '../generated/graphql';
import { useRules } from '../rules/rulebook';
import { useOffices } from '../shell/house';
import { useToast } from '../shell/toasts';
import { useWords } from '../words/words';
import { most, readAmount, units, writeAmount, type Unit } from './amount';
import css from './deadlines.module.css';
import { namedBy, placeOf, useCommandsOfCalendar, versionOf, type Deadline } from './kept';
import { words } from './words';

const kinds: readonly TermKind[] = ['ASSIGN', 'WORK', 'ANSWER'];

/** A new deadline, or another length of one that is there. */
export function DeadlineForm({ deadline, all, close }: { deadline: Deadline | undefined; all: readonly Deadline[]; close(): void }) {
  const w = useWords(words);
  const c = useWords(common);
  const toast = useToast();
  const { setDeadline } = useCommandsOfCalendar();
  const saving = useSaving('amount');
  const before = deadline && readAmount(deadline.amount);
  const [kind, setKind] = useState<TermKind>(deadline?.kind ?? 'WORK');
  const [place, setPlace] = useState(deadline ? placeOf(deadline) : '');
  const [length, setLength] = useState(String(before?.n ?? 30));
  const [unit, setUnit] = useState<Unit>(before?.unit ?? 'days');
  const places = usePlaces();
  const version = versionOf(all, kind, place);
  const [seen] = useState(deadline?.version ?? 0);
  const isWrong = !/^\d{1,5}$/.test(length) || Number(length) < 1 || Number(length) > most[unit];
  const name = w.terms.name(w.terms.kinds[kind], places.flatMap((p) => (p.items)).find((i) => i.value === place)?.label ?? deadline?.rule ?? '');
  const submit = async (): Promise<void> => {
    const amount = { n: Number(length), unit };
    if (await saving.save(() => setDeadline({ kind, amount: writeAmount(amount), ...namedBy(place), version: version || null }))) {
      toast({ text: w.terms.saved(name, w.amount(amount)) });
      close();
    }
  };
  return (
    <FormDialog title={deadline ? w.terms.editTitle(name) : w.terms.addTitle} verb={c.save} possible={!isWrong} saving={saving} submit={() => void submit()} close={close}>
      {version !== seen && <State tone="warn">{deadline ? w.kept.moved : w.kept.there}</State>}
      <NativeSelect
        label={w.terms.what} size="md" disabled={deadline !== undefined} data-autofocus={deadline ? undefined : true}
        value={kind} data={kinds.map((k) => ({ value: k, label: w.terms.kinds[k] }))} onChange={(e) => setKind(e.currentTarget.value as TermKind)}
      />
      <div className={css.pair}>
        <TextInput
          label={w.terms.amount} size="md" inputMode="numeric" data-autofocus={deadline ? true : undefined} value={length}
          error={isWrong ? w.reckoner.wrong(most[unit]) : saving.at('amount')} onChange={(e) => setLength(e.currentTarget.value.trim())}
        />
        <NativeSelect label={w.reckoner.unit} size="md" value={unit} data={units.map((u) => ({ value: u, label: w.units[u] }))} onChange={(e) => setUnit(e.currentTarget.value as Unit)} />
      </div>
      <NativeSelect label={w.terms.whose} size="md" disabled={deadline !== undefined} value={place} data={places.map(({ group, items }) => ({ group, items: [...items] }))} onChange={(e) => setPlace(e.currentTarget.value)} />
      <p className={css.quiet}>{w.kept.later}</p>
    </FormDialog>
  );
}

/** Of what a deadline may be. */
function usePlaces(): readonly { group: string; items: readonly { value: string; label: string }[] }[] {
  const w = useWords(words);
  const offices = useOffices();
  const { data: rules } = useRules();
  const { data: mailboxes } = useQuery({
    queryKey: ['mailboxes', 'addresses'],
    queryFn: ({ signal }) => allPages(async (after) => (await ask(RuleMailboxesDocument, { after }, signal)).mailboxes),
  });
  return [
    { group: w.house, items: [{ value: '', label: w.house }] },
    { group: w.terms.offices, items: offices.map((o) => ({ value: `office:${o.id}`, label: o.name })) },
    { group: w.terms.mailboxes, items: (mailboxes ?? []).map((m) => ({ value: `mailbox:${m.id}`, label: w.terms.mailbox(m.address) })) },
    { group: w.terms.rules, items: (rules ?? []).map((r) => ({ value: `rule:${r.id}`, label: w.terms.rule(r.name) })) },
  ];
}
