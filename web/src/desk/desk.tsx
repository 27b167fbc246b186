// The sorting desk: what waits, what it says, and where it goes.

import { Button, Checkbox, NativeSelect, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { ask } from '../api/ask';
import { CaseList, type Swipe } from '../cases/list';
import { Preview, type Suggested } from '../cases/preview';
import { useCaseRead } from '../cases/read';
import { SearchField } from '../cases/search-field';
import { CaseCountDocument, DeskMailboxesDocument } from '../generated/graphql';
import { leaveTrail } from '../casework/trail';
import { useLiveList } from '../live/use-list';
import type { Row } from '../live/rows';
import { caseAddress, useAddress } from '../shell/address';
import { useDeeds } from '../offline/queued';
import { useCommands } from '../shell/commands';
import { useHouse } from '../shell/house';
import type { Command } from '../shell/keys';
import { useSpeech } from '../words/words';
import css from './desk.module.css';
import { filterOfSplit, questionOf, readDeskSearch, splits, type DeskSearch, type Split } from './search';
import { useSorting } from './sorting';

const loadPicker = () => import('./office-picker');
const OfficePicker = lazy(loadPicker);
const nobody: ReadonlySet<string> = new Set();

export function Desk() {
  const { t } = useSpeech();
  const { rows } = useHouse();
  const deeds = useDeeds();
  const [search, change] = useAddress(readDeskSearch);
  const [, navigate] = useLocation();
  const isNarrow = useMediaQuery('(max-width: 60em)') ?? false;
  const { list, shown } = useLiveList(questionOf(search));
  const [selected, setSelected] = useState(nobody);
  const [picking, setPicking] = useState<readonly string[] | null>(null);
  const selection = useMemo(() => ({ ids: selected, set: setSelected }), [selected]);
  const [wantsSelecting, setSelecting] = useState(false);
  const selecting = isNarrow && (wantsSelecting || selected.size > 0);
  const active = search.read ?? null;

  const narrow = useCallback((some: Partial<DeskSearch>) => {
    setSelected(nobody);
    change({ read: undefined, ...some }, { replace: true });
  }, [change]);
  // A step in the list is no step back in the browser; on a phone, opening a message is.
  const read = useCallback((id: string | null) => {
    change({ read: id ?? undefined }, { replace: !isNarrow || id === null });
  }, [change, isNarrow]);
  const open = useCallback((id: string) => {
    const row = rows.get(id);
    if (row) {
      leaveTrail(shown.ids);
      navigate(caseAddress(row.number));
    }
  }, [navigate, rows, shown.ids]);

  // Who has nothing to read yet reads the first one, where there is room for both.
  const [firstId] = shown.ids;
  useEffect(() => {
    if (!isNarrow && active === null && firstId !== undefined) {
      read(firstId);
    }
  }, [isNarrow, active, firstId, read]);

  // It is there before it is wanted: what is typed at once after its key goes into it.
  useEffect(() => void loadPicker(), []);

  const sort = useSorting(list);
  const readAfter = useCallback((gone: readonly string[]) => {
    const at = shown.ids.findIndex((id) => gone.includes(id));
    const rest = shown.ids.filter((id) => !gone.includes(id));
    read(isNarrow ? null : rest[Math.min(at, rest.length - 1)] ?? null);
  }, [shown.ids, read, isNarrow]);

  const { data: reading } = useCaseRead(active);
  const suggested = useMemo<readonly Suggested[]>(
    () => reading?.suggestedOffices.map((s) => ({ office: s.office, reason: t.desk.reasons[s.reason](s.count, s.of) })) ?? [],
    [reading, t],
  );
  const sortAll = useCallback((ids: readonly string[], office: Suggested['office'], note: string) => {
    setPicking(null);
    setSelected(nobody);
    setSelecting(false);
    readAfter(ids);
    sort(ids.map((id) => rows.get(id)).filter((r): r is Row => r !== undefined), office, note);
  }, [readAfter, sort, rows]);

  const targets = useMemo(() => (selected.size > 0 ? [...selected] : active === null ? [] : [active]), [selected, active]);
  const canSort = targets.length > 0 && targets.every((id) => rows.get(id)?.status === 'TO_SORT' && !deeds.some((d) => d.caseId === id));
  const swipe = useMemo<Swipe>(() => ({ title: t.desk.sort, run: (id) => setPicking([id]), possible: (row) => row.status === 'TO_SORT' }), [t]);
  useCommands(useMemo<Command[]>(() => [
    { id: 'sort', title: t.desk.sort, group: t.groups.case, keys: { simple: 'a', gmail: 'v' }, possible: canSort, ofRow: true, run: () => setPicking(targets) },
    ...suggested.map((s, i) => ({
      id: `sort ${i + 1}`, title: t.desk.sortTo(s.office.name), group: t.groups.case, keys: { simple: String(i + 1), gmail: String(i + 1) },
      possible: canSort && selected.size === 0, ofRow: true, run: () => active !== null && sortAll([active], s.office, ''),
    })),
    ...splits.map((s, i) => ({ id: `split ${s}`, title: t.desk.splits[s], group: t.groups.list, keys: `g ${i + 1}`, run: () => narrow({ split: s }) })),
    { id: 'search', title: t.desk.search, group: t.groups.list, keys: { simple: '/', gmail: '/' }, run: () => document.getElementById('desk-search')?.focus() },
    { id: 'back', title: t.list.back, group: t.groups.list, keys: 'Escape', possible: active !== null && isNarrow || selected.size > 0,
      run: () => selected.size > 0 ? setSelected(nobody) : read(null) },
  ], [t, canSort, suggested, sortAll, targets, narrow, read, active, isNarrow, selected.size]));

  const showsList = !isNarrow || active === null;
  return (
    <div className={css.desk} data-narrow={isNarrow || undefined}>
      <VisuallyHidden component="h1">{t.desk.title}</VisuallyHidden>
      {showsList && <Splits search={search} choose={(split) => narrow({ split })} isNarrow={isNarrow} />}
      {showsList && (
        <section className={css.list} aria-label={t.desk.splits[search.split ?? 'toSort']}>
          <Filters search={search} narrow={narrow} />
          {isNarrow && !selecting && <Button className={css.select} variant="subtle" onClick={() => setSelecting(true)}>{t.list.select}</Button>}
          {(selected.size > 0 || selecting) && (
            <div className={css.bulk} role="toolbar" aria-label={t.list.selected(selected.size)}>
              <span>{t.list.selected(selected.size)}</span>
              <Button size="compact-md" disabled={!canSort} onClick={() => setPicking([...selected])}>{t.desk.sort}</Button>
              <Button size="compact-md" variant="default" onClick={() => {
                setSelected(nobody);
                setSelecting(false);
              }}>{t.list.selectNone}</Button>
            </div>
          )}
          <CaseList
            label={t.desk.splits[search.split ?? 'toSort']}
            list={list}
            shown={shown}
            active={active}
            activate={read}
            open={isNarrow ? read : open}
            selection={selection}
            swipe={isNarrow ? swipe : undefined}
            selecting={selecting}
            empty={search.split === undefined && !search.text && !search.mailbox ? t.desk.allDone : t.list.empty}
          />
        </section>
      )}
      {(!isNarrow || active !== null) && (
        <section className={css.preview} aria-label={t.message.text}>
          {active === null
            ? <p className={css.nothing}>{t.desk.nothingRead}</p>
            : <Preview key={active} id={active} sort={() => setPicking([active])} suggested={suggested} sortTo={(to) => sortAll([active], to.office, '')} back={isNarrow ? () => read(null) : undefined} open={() => open(active)} />}
        </section>
      )}
      <Suspense>{picking && (
        <OfficePicker
          title={t.desk.sortMany(picking.length)}
          first={picking.length === 1 && picking[0] === active ? suggested : []}
          close={() => setPicking(null)}
          choose={(office, note) => sortAll(picking, office, note)}
        />
      )}</Suspense>
    </div>
  );
}

function Splits({ search, choose, isNarrow }: { search: DeskSearch; choose(split: Split): void; isNarrow: boolean }) {
  const { t, dates } = useSpeech();
  const counts = useQueries({
    queries: splits.map((split) => ({
      queryKey: ['counts', split],
      queryFn: async ({ signal }: { signal: AbortSignal }) => (await ask(CaseCountDocument, { filter: filterOfSplit(split) }, signal)).caseCount,
      placeholderData: keepPreviousData,
    })),
  });
  const current = search.split ?? 'toSort';
  if (isNarrow) {
    return (
      <NativeSelect
        className={css.splitSelect}
        aria-label={t.desk.splitsLabel}
        data={splits.map((s, i) => ({ value: s, label: `${t.desk.splits[s]} ${counted(counts[i]?.data, dates.number)}` }))}
        value={current}
        size="md"
        onChange={(e) => choose(e.currentTarget.value as Split)}
      />
    );
  }
  return (
    <nav className={css.splits} aria-label={t.desk.splitsLabel}>
      {splits.map((s, i) => (
        <button key={s} type="button" aria-current={s === current ? 'true' : undefined} onClick={() => choose(s)}>
          <span>{t.desk.splits[s]}</span>
          <span className={css.count}>{counted(counts[i]?.data, dates.number)}</span>
        </button>
      ))}
    </nav>
  );
}

/** A count as it is shown: the server stops counting at 1,000. */
function counted(n: number | undefined, number: (n: number) => string): string {
  return n === undefined ? '' : n >= 1000 ? '999+' : number(n);
}

function Filters({ search, narrow }: { search: DeskSearch; narrow(change: Partial<DeskSearch>): void }) {
  const { t } = useSpeech();
  const { data: mailboxes = [] } = useQuery({
    queryKey: ['mailboxes', 'names'],
    queryFn: async ({ signal }) => (await ask(DeskMailboxesDocument, {}, signal)).mailboxes.nodes,
  });
  return (
    <form className={css.filters} role="search" onSubmit={(e) => e.preventDefault()}>
      <SearchField id="desk-search" text={search.text ?? ''} ask={(text) => narrow({ text })} />
      <NativeSelect
        aria-label={t.desk.mailbox}
        data={[{ value: '', label: t.desk.allMailboxes }, ...mailboxes.map((m) => ({ value: m.id, label: m.address }))]}
        value={search.mailbox ?? ''}
        onChange={(e) => narrow({ mailbox: e.currentTarget.value || undefined })}
      />
      <Checkbox
        size="md"
        label={t.desk.oldestFirst}
        checked={search.oldest === '1'}
        onChange={(e) => narrow({ oldest: e.currentTarget.checked ? '1' : undefined })}
      />
    </form>
  );
}
