// The offices: which stands below which, who heads them, and how they work.

import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Suspense, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { ask } from '../../api/ask';
import { AdminOfficesDocument, type OfficeStateFragment } from '../../generated/graphql';
import { useAddress } from '../../shell/address';
import { useCommands } from '../../shell/commands';
import { Icon } from '../../shell/icon';
import { lazy } from '../../shell/lazily';
import { matches } from '../../shell/match';
import { Nothing, Waiting } from '../../shell/states';
import { useSpeech, useWords } from '../../words/words';
import shared from '../admin.module.css';
import { allPages } from '../pages';
import { Finder, State, Unanswered } from '../parts';
import { Table } from '../table';
import { words as common } from '../words';
import css from './offices.module.css';
import { treeOf } from './tree';
import { words, type OfficeWords } from './words';

const OfficeForm = lazy(() => import('./form'));

export type Office = OfficeStateFragment;

export const habits = ['headSeesBelow', 'operatorsSeeOwn', 'operatorsMayTake', 'reasonToMove'] as const;

export function useOfficeStates() {
  return useQuery({
    queryKey: ['offices', 'state'],
    queryFn: ({ signal }) => allPages(async (after) => (await ask(AdminOfficesDocument, { after }, signal)).offices),
  });
}

export function Offices() {
  const { t } = useSpeech();
  const w = useWords(words);
  const c = useWords(common);
  const { data, error, refetch } = useOfficeStates();
  const [search, change] = useAddress<{ text?: string }>((said) => ({ text: said['text'] }));
  const [editing, setEditing] = useState<string | 'new' | null>(null);
  const placed = useMemo(() => treeOf(data ?? []), [data]);
  const shown = placed.filter((p) => matches(search.text ?? '', `${p.office.name} ${p.office.code}`));
  useCommands(useMemo(() => [{ id: 'office add', title: w.add, group: t.groups.list, keys: 'n', run: () => setEditing('new') }], [w, t]));
  if (!data) {
    return error ? <Unanswered again={() => void refetch()} /> : <Waiting />;
  }
  return (
    <>
      <p className={shared.said}>{w.said}</p>
      <div className={shared.bar}>
        <Finder label={w.search} text={search.text ?? ''} find={(text) => change({ text }, { replace: true })} />
        <Button size="md" leftSection={<Icon name="plus" />} onClick={() => setEditing('new')}>{w.add}</Button>
      </div>
      {shown.length === 0
        ? <Nothing>{data.length === 0 ? w.none : t.nothingFound}</Nothing>
        : (
          <Table
            label={c.sections.offices}
            rows={shown}
            keyOf={(p) => p.office.id}
            columns={[
              { title: w.name, cell: ({ office, depth }) => <span className={css.name} style={{ '--depth': search.text ? 0 : depth } as React.CSSProperties}><b>{office.name}</b> <small>{office.code}</small></span> },
              { title: w.head, cell: ({ office }) => <Heads office={office} /> },
              { title: w.people, isNumber: true, cell: ({ office }) => <>{new Set(office.members.nodes.map((m) => m.user.id)).size}{office.members.pageInfo.hasNextPage && '+'}</> },
              { title: w.habits, cell: ({ office }) => <span className={shared.quiet}>{habitsOf(office, w)}</span> },
              { title: w.mailboxes, cell: ({ office }) => office.mailboxes.nodes.map((m) => m.address).join(', ') || c.none },
              { title: c.edit, isVerb: true, cell: ({ office }) => <Button size="compact-md" variant="default" aria-label={`${c.edit}: ${office.name}`} onClick={() => setEditing(office.id)}>{c.edit}</Button> },
            ]}
          />
        )}
      <Suspense>{editing !== null && <OfficeForm office={data.find((o) => o.id === editing)} all={data} close={() => setEditing(null)} />}</Suspense>
    </>
  );
}

/** Who heads an office now, and who stands in. */
function Heads({ office }: { office: Office }) {
  const w = useWords(words);
  const heads = office.members.nodes.filter((m) => m.role !== 'OPERATOR').toSorted((a, b) => (a.role === b.role ? 0 : a.role === 'HEAD' ? -1 : 1));
  if (!heads.some((m) => m.role === 'HEAD')) {
    return <State tone="warn">{w.noHead}</State>;
  }
  return <>{heads.map((m, i) => <span key={m.id}>{i > 0 && ', '}<Link href={`/admin/people?who=${encodeURIComponent(m.user.id)}`}>{m.role === 'HEAD' ? m.user.name : w.deputy(m.user.name)}</Link></span>)}</>;
}

/** What is special about an office, in words. */
function habitsOf(office: Office, w: OfficeWords): string {
  const said = habits.filter((h) => office[h]).map((h) => w.habitsOf[h].short);
  if (office.approvals > 0) {
    said.push(w.approvalsShort(office.approvals));
  }
  return said.join(', ') || w.noHabits;
}
