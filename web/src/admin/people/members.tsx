import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../../api/ask';
import { startOfDay } from '../../shell/days';
import { MemberAddDocument, MemberRemoveDocument, type MemberInput, type MemberRole } from '../../generated/graphql';
import { Icon } from '../../shell/icon';
import { useToast } from '../../shell/toasts';
import { useSpeech, useWords } from '../../words/words';
import shared from '../admin.module.css';
import type { Office } from '../offices/offices';
import { useSaving } from '../saving';
import { Table } from '../table';
import { useTelling } from '../telling';
import { words as common } from '../words';
import type { Someone } from './people';
import css from './people.module.css';
import { words } from './words';

export const memberRoles = ['OPERATOR', 'HEAD', 'DEPUTY'] as const satisfies readonly MemberRole[];

type Membership = Someone['memberships']['nodes'][number];

/** What a person is in which office, from when and until when. */
export function Members({ person, offices }: { person: Someone; offices: readonly Office[] }) {
  const { dates } = useSpeech();
  const w = useWords(words);
  const c = useWords(common);
  const tell = useTelling();
  const answers = useQueryClient();
  const old = (): void => {
    void answers.invalidateQueries({ queryKey: ['people'] });
    void answers.invalidateQueries({ queryKey: ['offices'] });
  };
  const remove = async (m: Membership): Promise<void> => {
    const input = { userId: person.id, officeId: m.office.id, role: m.role };
    const names = [w.memberRoles[m.role], m.office.name] as const;
    const putBack = async (): Promise<void> => {
      await tell(async () => (await ask(MemberAddDocument, { input: { ...input, from: m.from, until: m.until } })).memberAdd.userErrors, { text: w.memberAdded(...names) });
      old();
    };
    await tell(async () => (await ask(MemberRemoveDocument, { input })).memberRemove.userErrors, { text: w.memberRemoved(...names), undo: () => void putBack() });
    old();
  };
  return (
    <section className={css.part} aria-label={w.offices}>
      <h3>{w.offices}</h3>
      {person.memberships.nodes.length === 0
        ? <p>{w.noMembers}</p>
        : (
          <Table
            label={w.offices}
            rows={person.memberships.nodes}
            keyOf={(m) => m.id}
            columns={[
              { title: w.firstOffice, cell: (m) => m.office.name },
              { title: w.role, cell: (m) => w.memberRoles[m.role] },
              { title: w.since, cell: (m) => (m.from ? dates.day(m.from) : c.none) },
              { title: w.until, cell: (m) => (m.until ? dates.day(lastOf(m.until)) : c.none) },
              { title: w.memberRemove, isVerb: true, cell: (m) => <Button size="compact-md" variant="default" aria-label={`${w.memberRemove}: ${w.memberRoles[m.role]}, ${m.office.name}`} onClick={() => void remove(m)}>{w.memberRemove}</Button> },
            ]}
          />
        )}
      <Add person={person} offices={offices} />
    </section>
  );
}

/** The last day of a time that ends before a moment. */
export function lastOf(until: string): Date {
  return new Date(Date.parse(until) - 1);
}

const nothing: { officeId: string; role: MemberRole; from: string; until: string } = { officeId: '', role: 'OPERATOR', from: '', until: '' };

function Add({ person, offices }: { person: Someone; offices: readonly Office[] }) {
  const w = useWords(words);
  const toast = useToast();
  const answers = useQueryClient();
  const saving = useSaving('officeId', 'role', 'from', 'until');
  const [fields, setFields] = useState(nothing);
  const set = (some: Partial<typeof nothing>): void => setFields((f) => ({ ...f, ...some }));
  const hasDates = fields.role === 'DEPUTY';
  const submit = async (): Promise<void> => {
    const input: MemberInput = { userId: person.id, officeId: fields.officeId, role: fields.role };
    if (hasDates) {
      input.from = fields.from === '' ? null : startOfDay(fields.from).toISOString();
      input.until = fields.until === '' ? null : startOfDay(fields.until, 1).toISOString();
    }
    if (await saving.save(async () => (await ask(MemberAddDocument, { input })).memberAdd.userErrors)) {
      toast({ text: w.memberAdded(w.memberRoles[fields.role], offices.find((o) => o.id === fields.officeId)?.name ?? '') });
      setFields(nothing);
      void answers.invalidateQueries({ queryKey: ['people'] });
      void answers.invalidateQueries({ queryKey: ['offices'] });
    }
  };
  return (
    <form ref={saving.form} className={css.row} noValidate onSubmit={(e) => {
      e.preventDefault();
      void submit();
    }}>
      <NativeSelect
        label={w.firstOffice} value={fields.officeId} error={saving.at('officeId')} onChange={(e) => set({ officeId: e.currentTarget.value })}
        data={[{ value: '', label: '' }, ...offices.filter((o) => !o.closedAt).map((o) => ({ value: o.id, label: o.name }))]}
      />
      <NativeSelect
        label={w.role} value={fields.role} error={saving.at('role')} onChange={(e) => set({ role: e.currentTarget.value as MemberRole })}
        data={memberRoles.map((r) => ({ value: r, label: w.memberRoles[r] }))}
      />
      {hasDates && <TextInput type="date" label={w.since} value={fields.from} error={saving.at('from')} onChange={(e) => set({ from: e.currentTarget.value })} />}
      {hasDates && <TextInput type="date" label={w.until} value={fields.until} error={saving.at('until')} onChange={(e) => set({ until: e.currentTarget.value })} />}
      <Button type="submit" variant="default" disabled={fields.officeId === ''} loading={saving.saving} leftSection={<Icon name="plus" size={16} />}>{w.memberAdd}</Button>
      {saving.whole && <p className={shared.wrong} role="alert"><Icon name="alert" /> {saving.whole}</p>}
    </form>
  );
}
