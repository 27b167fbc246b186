// The offices: which stands below which, who heads them, and how they work.

import { Button, Checkbox } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { ask } from '../../api/ask';
import { AdminOfficesDocument, OfficeReopenDocument, type OfficeStateFragment } from '../../generated/graphql';
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
import { useTelling } from '../telling';
import { words as common } from '../words';
import css from './offices.module.css';
import { treeOf } from './tree';
import { words, type OfficeWords } from './words';

const OfficeForm = lazy(() => import('./form'));
const CloseOffice = lazy(() => import('./close'));

export type Office = OfficeStateFragment;

export const habits = ['headSeesBelow', 'operatorsSeeOwn', 'operatorsMayTake', 'reasonToMove'] as const;

export function useOfficeStates() {
  return useQuery({
    queryKey: ['offices', 'state'],
    queryFn: ({ signal }) => allPages(async (after) => (await ask(AdminOfficesDocument, { after }, signal)).offices),
  });
}

export function Offices() {
  const { t, dates } = useSpeech();
  const w = useWords(words);
  const c = useWords(common);
  const tell = useTelling();
  const answers = useQueryClient();
  const { data, error, refetch } = useOfficeStates();
  const [search, change] = useAddress<{ text?: string; closed?: string }>((said) => ({ text: said['text'], closed: said['closed'] }));
  const [editing, setEditing] = useState<string | 'new' | null>(null);
  const [closing, setClosing] = useState<string | null>(null);
  const shownToo = search.closed !== undefined;
  const placed = useMemo(() => treeOf((data ?? []).filter((o) => shownToo || !o.closedAt)), [data, shownToo]);
  const shown = placed.filter((p) => matches(search.text ?? '', `${p.office.name} ${p.office.code}`));
  useCommands(useMemo(() => [{ id: 'office add', title: w.add, group: t.groups.list, keys: 'n', run: () => setEditing('new') }], [w, t]));
  if (!data) {
    return error ? <Unanswered again={() => void refetch()} /> : <Waiting />;
  }
  const toClose = data.find((o) => o.id === closing);
  const closed = data.filter((o) => o.closedAt).length;
  const reopen = async ({ code, name }: Office): Promise<void> => {
    await tell(async () => (await ask(OfficeReopenDocument, { input: { code } })).officeReopen.userErrors, { text: w.reopened(name) });
    void answers.invalidateQueries({ queryKey: ['offices'] });
  };
  return (
    <>
      <p className={shared.said}>{w.said}</p>
      <div className={shared.bar}>
        <Finder label={w.search} text={search.text ?? ''} find={(text) => change({ text }, { replace: true })} />
        <Button size="md" leftSection={<Icon name="plus" />} onClick={() => setEditing('new')}>{w.add}</Button>
        {closed > 0 && <Checkbox size="md" label={w.showClosed(closed)} checked={shownToo} onChange={(e) => change({ closed: e.currentTarget.checked ? '1' : undefined }, { replace: true })} />}
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
              { title: w.head, cell: ({ office }) => (office.closedAt ? <State tone="quiet" icon="lock">{w.isClosed(dates.day(office.closedAt))}</State> : <Heads office={office} />) },
              { title: w.people, isNumber: true, cell: ({ office }) => <>{new Set(office.members.nodes.map((m) => m.user.id)).size}{office.members.pageInfo.hasNextPage && '+'}</> },
              { title: w.habits, cell: ({ office }) => <span className={shared.quiet}>{office.closedAt ? wentTo(office, w) : habitsOf(office, w)}</span> },
              { title: w.mailboxes, cell: ({ office }) => office.mailboxes.nodes.map((m) => m.address).join(', ') || c.none },
              { title: c.edit, isVerb: true, cell: ({ office }) => (
                <span className={css.verbs}>
                  {office.closedAt
                    ? <Button size="compact-md" variant="default" aria-label={`${w.reopen}: ${office.name}`} onClick={() => void reopen(office)}>{w.reopen}</Button>
                    : (
                      <>
                        <Button size="compact-md" variant="default" aria-label={`${c.edit}: ${office.name}`} onClick={() => setEditing(office.id)}>{c.edit}</Button>
                        <Button size="compact-md" variant="default" aria-label={`${w.closeVerb} ${office.name}`} onClick={() => setClosing(office.id)}>{w.closeVerb}</Button>
                      </>
                    )}
                </span>
              ) },
            ]}
          />
        )}
      <Suspense>
        {editing !== null && <OfficeForm office={data.find((o) => o.id === editing)} all={data} close={() => setEditing(null)} />}
        {toClose && <CloseOffice office={toClose} all={data} close={() => setClosing(null)} />}
      </Suspense>
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

/** Where the work of a closed office is. */
function wentTo(office: Office, w: OfficeWords): string {
  return office.successor ? w.workWent(office.successor.name) : w.workWentToDesk;
}

/** What is special about an office, in words. */
function habitsOf(office: Office, w: OfficeWords): string {
  const said = habits.filter((h) => office[h]).map((h) => w.habitsOf[h].short);
  if (office.approvals > 0) {
    said.push(w.approvalsShort(office.approvals));
  }
  return said.join(', ') || w.noHabits;
}
