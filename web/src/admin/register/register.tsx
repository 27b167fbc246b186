// The register of movements, the newest first: who did what, when; narrowed, and taken along.

import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Fragment, useEffect, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { ask } from '../../api/ask';
import { CaseByNumberDocument, DeskMailboxesDocument, RegisterMovementsDocument } from '../../generated/graphql';
import { caseAddress, useAddress } from '../../shell/address';
import { useHouse, useOffices, useRoles } from '../../shell/house';
import { Icon } from '../../shell/icon';
import { Nothing, Waiting } from '../../shell/states';
import { useSpeech, useWords } from '../../words/words';
import shared from '../admin.module.css';
import { Unanswered } from '../parts';
import { usePeople } from '../people/people';
import { Table } from '../table';
import { words as common } from '../words';
import { groupNames, groups } from './kinds';
import css from './register.module.css';
import { exportAddress, filterOf, readRegisterSearch, type RegisterSearch } from './search';
import { detailOf, peopleOf, placeOf, titleOf } from './told';
import { words } from './words';

export function Register() {
  const { dates } = useSpeech();
  const w = useWords(words);
  const c = useWords(common);
  const roles = useRoles();
  const answers = useQueryClient();
  const [search, change] = useAddress(readRegisterSearch);
  const { data: caseId } = useQuery({
    queryKey: ['case', 'number', search.case],
    enabled: search.case !== undefined,
    queryFn: async ({ signal }) => (await ask(CaseByNumberDocument, { number: search.case! }, signal)).caseByNumber?.id ?? null,
  });
  const filter = useMemo(() => filterOf(search, caseId ?? undefined), [search, caseId]);
  const key = useMemo(() => ['register', filter], [filter]);
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: key,
    enabled: search.case === undefined || typeof caseId === 'string',
    queryFn: async ({ pageParam, signal }) => (await ask(RegisterMovementsDocument, { before: pageParam, filter }, signal)).events,
    initialPageParam: null as string | null,
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasPreviousPage ? pageInfo.startCursor : null),
    gcTime: 0, // what comes later is not announced for a list that nobody looks at
  });
  const [isOld, setOld] = useFresh(key);
  const showFresh = (): void => {
    setOld(false);
    void answers.resetQueries({ queryKey: key });
  };
  const movements = data?.pages.flatMap((p) => p.nodes.toReversed());
  return (
    <>
      <p className={shared.said}>{w.said} {!roles.administrator && w.saidAuditor}</p>
      <Filters search={search} narrow={(some) => change(some, { replace: true })} />
      <div className={css.exports}>
        <Button component="a" href={exportAddress('csv', filter)} download size="compact-md" variant="default" leftSection={<Icon name="download" size={16} />}>{w.exportCsv}</Button>
        <Button component="a" href={exportAddress('jsonl', filter)} download size="compact-md" variant="default" leftSection={<Icon name="download" size={16} />}>{w.exportJson}</Button>
        <small>{w.exportTold}</small>
      </div>
      <div role="status">{isOld && <Button size="compact-md" onClick={showFresh}>{w.fresh}</Button>}</div>
      {error && <Unanswered again={() => void refetch()} />}
      {search.case !== undefined && caseId === null ? <Nothing>{w.noCase}</Nothing> : movements === undefined ? !error && <Waiting /> : movements.length === 0
        ? <Nothing>{w.none}</Nothing>
        : (
          <Table
            label={c.sections.register}
            rows={movements}
            keyOf={(m) => m.cursor}
            columns={[
              { title: w.when, cell: (m) => <time dateTime={m.occurredAt} title={dates.exact(m.occurredAt)} className={css.when}>{dates.moment(m.occurredAt)}</time> },
              { title: w.who, cell: (m) => (m.actor === null ? w.unknown : m.actor.kind === 'PERSON' ? m.actor.name : w.system(w.parts[m.actor.name] ?? m.actor.name)) },
              { title: w.what, cell: (m) => <><b>{titleOf(m, w)}</b>{' '}<small className={css.detail}>{detailOf(m, w, dates)}</small></> },
              { title: w.case, cell: (m) => ('case' in m && m.case ? <Link href={caseAddress(m.case.number)}>{m.case.number}</Link> : c.none) },
              { title: w.where, cell: (m) => <Place text={placeOf(m, w) || c.none} /> },
              { title: w.about, cell: (m) => peopleOf(m, w) || c.none },
            ]}
          />
        )}
      {hasNextPage && <div className={css.older}><Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{w.older}</Button></div>}
    </>
  );
}

/** A place; an address breaks before its domain, where it has no room. */
function Place({ text }: { text: string }) {
  return <>{text.split(/(?=@)/).map((part, i) => <Fragment key={i}>{i > 0 && <wbr />}{part}</Fragment>)}</>;
}

/** Whether something happened since a list was read. The list itself stays as it is: nothing moves under who reads it. */
function useFresh(key: readonly unknown[]): [boolean, (isOld: boolean) => void] {
  const { register } = useHouse();
  const [isOld, setOld] = useState(false);
  useEffect(() => {
    setOld(false);
    return register.listen({ happened: () => setOld(true), reset: () => setOld(true) });
  }, [register, key]);
  return [isOld, setOld];
}

function Filters({ search, narrow }: { search: RegisterSearch; narrow(change: Partial<RegisterSearch>): void }) {
  const w = useWords(words);
  const offices = useOffices();
  const { data: people = [] } = usePeople();
  const { data: mailboxes = [] } = useQuery({
    queryKey: ['mailboxes', 'names'],
    queryFn: async ({ signal }) => (await ask(DeskMailboxesDocument, {}, signal)).mailboxes.nodes,
  });
  const [typed, setTyped] = useState(search.case ?? '');
  useEffect(() => setTyped(search.case ?? ''), [search.case]);
  const named = (all: string, list: readonly { id: string; name: string }[]) => [{ value: '', label: all }, ...list.map((x) => ({ value: x.id, label: x.name }))];
  return (
    <form className={css.filters} role="search" onSubmit={(e) => {
      e.preventDefault();
      narrow({ case: typed.trim() || undefined });
    }}>
      <NativeSelect aria-label={w.kind} value={search.kind ?? ''} onChange={(e) => narrow({ kind: e.currentTarget.value || undefined })}>
        <option value="">{w.anyKind}</option>
        {groupNames.map((g) => (
          <optgroup key={g} label={w.groups[g]}>
            <option value={g}>{w.allOf(w.groups[g])}</option>
            {groups[g].map((k) => <option key={k} value={k}>{w.kinds[k]}</option>)}
          </optgroup>
        ))}
      </NativeSelect>
      <NativeSelect aria-label={w.person} value={search.person ?? ''} data={named(w.anyPerson, people)} onChange={(e) => narrow({ person: e.currentTarget.value || undefined })} />
      <NativeSelect aria-label={w.office} value={search.office ?? ''} data={named(w.anyOffice, offices)} onChange={(e) => narrow({ office: e.currentTarget.value || undefined })} />
      <NativeSelect aria-label={w.mailbox} value={search.mailbox ?? ''} data={named(w.anyMailbox, mailboxes.map((m) => ({ id: m.id, name: m.address })))} onChange={(e) => narrow({ mailbox: e.currentTarget.value || undefined })} />
      <TextInput
        type="search" aria-label={w.case} placeholder={w.caseTold} value={typed}
        onChange={(e) => {
          setTyped(e.currentTarget.value);
          if (e.currentTarget.value === '') {
            narrow({ case: undefined });
          }
        }}
      />
      <TextInput type="date" aria-label={w.from} leftSection={w.from} value={search.from ?? ''} onChange={(e) => narrow({ from: e.currentTarget.value || undefined })} />
      <TextInput type="date" aria-label={w.until} leftSection={w.until} value={search.until ?? ''} onChange={(e) => narrow({ until: e.currentTarget.value || undefined })} />
    </form>
  );
}
