// The desk's second view: what happens to the cases of all offices, as it happens,
// and where they are late.

import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { ask } from '../api/ask';
import { CaseMenu } from '../casework/menu';
import { MovementsDocument, type EventKind, type MovementsQuery } from '../generated/graphql';
import { factsOf } from '../history/told';
import { words as history } from '../history/words';
import { useGently } from '../live/use-gently';
import { caseAddress, useAddress } from '../shell/address';
import { useHouse, useOffices, useRoles } from '../shell/house';
import { Icon, type IconName } from '../shell/icon';
import { Nothing } from '../shell/states';
import { useTitle } from '../shell/title';
import { useSpeech, useWords } from '../words/words';
import { Delays } from './delays';
import css from './movements.module.css';
import { kindNames, kindsOf, readMovementsSearch, type Kinds, type MovementsSearch } from './search';
import { words } from './words';

type Page = MovementsQuery['events'];
type Movement = Page['nodes'][number];

/** How many movements are read at once. */
const page = 30;
/** Milliseconds after an event when the movements are read again. */
const pause = 600;

export function Movements() {
  const w = useWords(words);
  useTitle(w.title);
  const roles = useRoles();
  const [search, change] = useAddress(readMovementsSearch);
  if (!roles.sorter && !roles.auditor) {
    return <Nothing>{w.notYours}</Nothing>;
  }
  const narrow = (some: Partial<MovementsSearch>): void => change(some, { replace: true });
  return (
    <div className={css.page}>
      <h1>{w.title}</h1>
      <section className={css.movements} aria-labelledby="movements">
        <header>
          <h2 id="movements">{w.movements}</h2>
          <Choosers search={search} narrow={narrow} />
        </header>
        <List key={JSON.stringify(search)} search={search} />
      </section>
      <Delays office={search.office} choose={(office) => narrow({ office })} />
    </div>
  );
}

function Choosers({ search, narrow }: { search: MovementsSearch; narrow(some: Partial<MovementsSearch>): void }) {
  const { t } = useSpeech();
  const w = useWords(words);
  const offices = useOffices();
  return (
    <>
      <NativeSelect
        aria-label={w.kind} value={search.kind ?? ''}
        data={[{ value: '', label: w.kinds.all }, ...kindNames.map((k) => ({ value: k, label: w.kinds[k] }))]}
        onChange={(e) => narrow({ kind: kindNames.find((k): k is Kinds => k === e.currentTarget.value) })}
      />
      <NativeSelect
        aria-label={t.message.office} value={search.office ?? ''}
        data={[{ value: '', label: w.allOffices }, ...offices.map((o) => ({ value: o.id, label: o.name }))]}
        onChange={(e) => narrow({ office: e.currentTarget.value || undefined })}
      />
    </>
  );
}

function List({ search: { kind, office } }: { search: MovementsSearch }) {
  const { t } = useSpeech();
  const { rows } = useHouse();
  const w = useWords(words);
  const key = ['moves', kind ?? '', office ?? ''];
  useGently(key, pause, 'movements');
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: key,
    staleTime: 0, // nobody heard what happened while it was not shown
    queryFn: async ({ pageParam, signal }): Promise<Page> => {
      const { events } = await ask(MovementsDocument, { last: page, before: pageParam, filter: { kinds: kindsOf(kind), officeIds: office ? [office] : null } }, signal);
      events.nodes.forEach((m) => 'case' in m && m.case && rows.put(m.case));
      return events;
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasPreviousPage ? pageInfo.startCursor : undefined),
  });
  const movements = data?.pages.flatMap((p) => p.nodes.toReversed());
  return (
    <>
      {error && <p role="alert">{w.failed} <Button size="compact-sm" variant="default" onClick={() => void refetch()}>{t.tryAgain}</Button></p>}
      {movements?.length === 0 && <Nothing>{w.none}</Nothing>}
      <ol className={css.list} aria-busy={!movements && !error}>
        {movements?.map((m) => <Line key={m.cursor} movement={m} />)}
      </ol>
      {hasNextPage && <Button variant="default" size="compact-md" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{w.earlier}</Button>}
    </>
  );
}

function Line({ movement }: { movement: Movement }) {
  const { dates } = useSpeech();
  const h = useWords(history);
  const facts = factsOf(movement);
  const of = 'case' in movement ? movement.case : null;
  if (!facts) {
    return null;
  }
  return (
    <li data-tone={toneOf(facts.kind)}>
      <Icon name={iconOf(facts.kind)} />
      <p>
        {of && <Link href={caseAddress(of.number)}>{of.number}</Link>} {h.sentences[facts.kind](facts)}
        <small>
          <time dateTime={movement.occurredAt} title={dates.exact(movement.occurredAt)}>{dates.brief(movement.occurredAt, new Date())}</time> · {facts.who || h.system}
          {of?.office && ` · ${of.office.name}`}
        </small>
      </p>
      {of && <CaseMenu id={of.id} number={of.number} size="md" />}
    </li>
  );
}

function toneOf(kind: EventKind): 'late' | 'soon' | undefined {
  return kind === 'TERM_BREACHED' || kind === 'REPLY_REFUSED' || kind === 'RECEIPT_MISSING' ? 'late' : kind === 'TERM_DUE_SOON' || kind === 'SOLLECITO_SENT' ? 'soon' : undefined;
}

function iconOf(kind: EventKind): IconName {
  switch (kind) {
    case 'CASE_OPENED': return 'mail';
    case 'CASE_ROUTED':
    case 'CASE_SORTED': return 'sort';
    case 'CASE_TAKEN_BACK':
    case 'CASE_UNASSIGNED':
    case 'CASE_RETURNED': return 'undo';
    case 'CASE_ASSIGNED': return 'person';
    case 'CASE_CLOSED': return 'check';
    case 'REPLY_SENT': return 'reply';
    case 'CLARIFICATION_ASKED':
    case 'INQUIRY_ANSWERED': return 'question';
    case 'TERM_BREACHED':
    case 'REPLY_REFUSED':
    case 'REPLY_UNCERTAIN':
    case 'RECEIPT_MISSING': return 'warning';
    case 'SOLLECITO_SENT':
    case 'TERM_DUE_SOON':
    case 'TERM_SUSPENDED':
    case 'TERM_RESUMED':
    case 'TERM_REMINDED': return 'clock';
    default: return 'archive';
  }
}
