// The people: who comes in, with which roles; and one of them, with what that person sees.

import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Suspense, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { ask } from '../../api/ask';
import { AdminPeopleDocument, type PersonStateFragment } from '../../generated/graphql';
import { useAddress } from '../../shell/address';
import { useCommands } from '../../shell/commands';
import { Icon } from '../../shell/icon';
import { lazy } from '../../shell/lazily';
import { matches } from '../../shell/match';
import { Nothing, Waiting } from '../../shell/states';
import { useSpeech, useWords } from '../../words/words';
import shared from '../admin.module.css';
import { useOfficeStates } from '../offices/offices';
import { allPages } from '../pages';
import { Finder, State, Unanswered } from '../parts';
import { Table } from '../table';
import { words as common } from '../words';
import { Person } from './person';
import { words, type PeopleWords } from './words';
import { groupBy } from '../../shell/group-by';

const PersonAdd = lazy(() => import('./add'));
const Matrix = lazy(() => import('./matrix'));
const ImportPeople = lazy(() => import('./import'));

export type Someone = PersonStateFragment;

export const houseRoles = ['sorter', 'administrator', 'auditor'] as const;

export function usePeople() {
  return useQuery({
    queryKey: ['people', 'state'],
    queryFn: ({ signal }) => allPages(async (after) => (await ask(AdminPeopleDocument, { after }, signal)).users),
  });
}

export function personAddress(id: string): string {
  return `/admin/people?who=${encodeURIComponent(id)}`;
}

export function People() {
  const { t } = useSpeech();
  const w = useWords(words);
  const c = useWords(common);
  const { data, error, refetch } = usePeople();
  const { data: offices } = useOfficeStates();
  const open = useMemo(() => offices?.filter((o) => !o.closedAt) ?? [], [offices]);
  const [search, change] = useAddress<{ text?: string; who?: string; as?: string }>((said) => ({ text: said['text'], who: said['who'], as: said['as'] }));
  const [adding, setAdding] = useState<'one' | 'many' | null>(null);
  useCommands(useMemo(() => [
    { id: 'person add', title: w.add, group: t.groups.list, keys: 'n', run: () => setAdding('one') },
    { id: 'people import', title: w.importPeople, group: t.groups.list, run: () => setAdding('many') },
  ], [w, t]));
  if (!data) {
    return error ? <Unanswered again={() => void refetch()} /> : <Waiting />;
  }
  const who = data.find((p) => p.id === search.who);
  if (who) {
    return <Person key={who.id} person={who} offices={offices ?? []} back={() => change({ who: undefined })} />;
  }
  const shown = data.filter((p) => matches(search.text ?? '', `${p.name} ${p.email ?? ''} ${rolesOf(p, w)} ${officesOf(p, w)}`));
  return (
    <>
      <p className={shared.said}>{w.said}</p>
      <div className={shared.bar}>
        <Finder label={w.search} text={search.text ?? ''} find={(text) => change({ text }, { replace: true })} />
        <Button size="md" leftSection={<Icon name="plus" />} onClick={() => setAdding('one')}>{w.add}</Button>
        <Button size="md" variant="default" onClick={() => setAdding('many')}>{w.importPeople}</Button>
        <Button size="md" variant="default" onClick={() => change({ as: search.as ? undefined : 'matrix' })}>{search.as ? w.asList : w.asMatrix}</Button>
      </div>
      {shown.length === 0 && <Nothing>{t.nothingFound}</Nothing>}
      {shown.length > 0 && (search.as
        ? <Suspense fallback={<Waiting />}><Matrix people={shown} offices={open} /></Suspense>
        : (
          <Table
            label={c.sections.people}
            rows={shown}
            keyOf={(p) => p.id}
            columns={[
              { title: w.name, cell: (p) => <Link href={personAddress(p.id)}>{p.name}</Link> },
              { title: w.email, cell: (p) => p.email },
              { title: w.houseRoles, cell: (p) => rolesOf(p, w) || c.none },
              { title: w.offices, cell: (p) => officesOf(p, w) || c.none },
              { title: w.state, cell: (p) => (p.disabled ? <State tone="bad" icon="lock">{w.isOut}</State> : w.enters) },
            ]}
          />
        ))}
      <Suspense>
        {adding === 'one' && <PersonAdd offices={open} close={() => setAdding(null)} />}
        {adding === 'many' && <ImportPeople offices={open} people={data} close={() => setAdding(null)} />}
      </Suspense>
    </>
  );
}

/** What somebody is for the whole house, in words. */
function rolesOf(p: Someone, w: PeopleWords): string {
  return houseRoles.filter((r) => p[r]).map((r) => w.rolesOf[r]).join(', ');
}

/** What somebody is in which offices: each role once, with its offices. */
function officesOf(p: Someone, w: PeopleWords): string {
  return [...groupBy(p.memberships.nodes, (m) => m.role)].map(([role, list]) => `${w.memberRoles[role]}: ${list.map((m) => m.office.name).join(', ')}`).join('; ');
}
