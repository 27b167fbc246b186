// The sorting desk: what waits, what it says, and where it goes.

import { Button, Checkbox, NativeSelect, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Suspense, useCallback, useEffect, useMemo, useState, type CSSProperties } from 'react';
import { useLocation } from 'wouter';
import { ask } from '../api/ask';
import { FilterBar } from '../cases/filter-bar';
import type { Swipe } from '../cases/case-row';
import { CaseList } from '../cases/list';
import { Preview, type Suggested } from '../cases/preview';
import { useCaseRead } from '../cases/read';
import { useRowMenu } from '../cases/use-row-menu';
import { leaveTrail } from '../casework/trail';
import { DeskMailboxesDocument } from '../generated/graphql';
import { useLiveList } from '../live/use-list';
import type { Row } from '../live/rows';
import { useDeeds } from '../offline/queued';
import { caseAddress, useAddress } from '../shell/address';
import { useCommands } from '../shell/commands';
import { Divider, usePaneWidth } from '../shell/divider';
import { useHouse } from '../shell/house';
import type { Command } from '../shell/keys';
import { lazy } from '../shell/lazily';
import { useTitle } from '../shell/title';
import { useSpeech, useWords } from '../words/words';
import css from './desk.module.css';
import { questionOf, readDeskSearch, splits, type DeskSearch } from './search';
import { useSorting } from './sorting';
import { Splits } from './splits';
import { words } from './words';

const loadPicker = () => import('./office-picker');
const OfficePicker = lazy(loadPicker);
const BulkBar = lazy(() => import('./bulk-bar').then((m) => ({ default: m.BulkBar })));
const JobReport = lazy(() => import('./bulk-bar').then((m) => ({ default: m.JobReport })));
const nobody: ReadonlySet<string> = new Set();
const splitsBounds = { usual: 216, least: 160, most: 400 };
const listBounds = { usual: 520, least: 320, most: 900 };

export function Desk() {
  const { t } = useSpeech();
  useTitle(t.desk.title);
  const w = useWords(words);
  const { rows } = useHouse();
  const deeds = useDeeds();
  const [search, change] = useAddress(readDeskSearch);
  const [, navigate] = useLocation();
  const isNarrow = useMediaQuery('(max-width: 60em)') ?? false;
  const isMiddling = useMediaQuery('(max-width: 80em)') ?? false;
  const { list, shown } = useLiveList(questionOf(search));
  const [selected, setSelected] = useState(nobody);
  const [picking, setPicking] = useState<readonly string[] | null>(null);
  const selection = useMemo(() => ({ ids: selected, set: setSelected }), [selected]);
  const [wantsSelecting, setSelecting] = useState(false);
  const selecting = isNarrow && (wantsSelecting || selected.size > 0);
  const select = useCallback((ids: ReadonlySet<string>) => {
    setSelected(ids);
    setSelecting(ids.size > 0);
  }, []);
  const active = search.read ?? null;
  const [splitsWidth, setSplitsWidth] = usePaneWidth('splits', splitsBounds);
  const [listWidth, setListWidth] = usePaneWidth('list', listBounds);

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

  const { sort, job, endJob } = useSorting(list);
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
  const sortAll = useCallback((ids: readonly string[], office: Suggested['office'], note: string, informed: readonly Suggested['office'][] = []) => {
    setPicking(null);
    setSelected(nobody);
    setSelecting(false);
    readAfter(ids);
    sort(ids.map((id) => rows.get(id)).filter((r): r is Row => r !== undefined), { office, note, informed });
  }, [readAfter, sort, rows]);

  const following = useMemo(() => ({ refused: () => void list.read() }), [list]);
  const { targets, commands, menu } = useRowMenu(selected, active, following);
  const canSort = targets.length > 0 && targets.every((id) => rows.get(id)?.status === 'TO_SORT' && !deeds.some((d) => d.caseId === id));
  const swipe = useMemo<Swipe>(() => ({ title: t.desk.sort, run: (id) => setPicking([id]), possible: (row) => row.status === 'TO_SORT' }), [t]);
  useCommands(useMemo<Command[]>(() => [
    { id: 'sort', title: t.desk.sort, group: t.groups.case, keys: { simple: 'a', gmail: 'v' }, possible: canSort, ofRow: true, run: () => setPicking(targets) },
    ...suggested.map((s, i) => ({
      id: `sort ${i + 1}`, title: t.desk.sortTo(s.office.name), group: t.groups.case, keys: { simple: String(i + 1), gmail: String(i + 1) },
      possible: canSort && targets.length === 1 && targets[0] === active, ofRow: true, run: () => active !== null && sortAll([active], s.office, ''),
    })),
    ...commands.filter((c) => c.does !== 'SORT' || !canSort), // which the desk does in its own way
    ...splits.map((s, i) => ({ id: `split ${s}`, title: t.desk.splits[s], group: t.groups.list, keys: `g ${i + 1}`, run: () => narrow({ split: s }) })),
    { id: 'movements', title: t.goTo(w.movements), group: t.groups.everywhere, keys: 'g v', run: () => navigate('/desk/movements') },
    { id: 'back', title: t.list.back, group: t.groups.list, keys: 'Escape', possible: active !== null && isNarrow || selected.size > 0,
      run: () => selected.size > 0 ? setSelected(nobody) : read(null) },
  ], [t, w, navigate, canSort, suggested, sortAll, targets, commands, narrow, read, active, isNarrow, selected.size]));

  const showsList = !isNarrow || active === null;
  return (
    <div className={css.desk} data-narrow={isNarrow || undefined} data-middling={isMiddling || undefined} style={{ '--splits': `${splitsWidth}px`, '--list': `${listWidth}px` } as CSSProperties}>
      <VisuallyHidden component="h1">{t.desk.title}</VisuallyHidden>
      {!isMiddling && <Splits search={search} choose={(split) => narrow({ split })} isFolded={false} />}
      {!isMiddling && <Divider label={w.splitsWidth} width={splitsWidth} set={setSplitsWidth} bounds={splitsBounds} />}
      {showsList && (
        <section className={css.list} aria-label={t.desk.splits[search.split ?? 'toSort']}>
          {isMiddling && (
            <Splits search={search} choose={(split) => narrow({ split })} isFolded>
              {isNarrow && !selecting && <Button className={css.select} variant="subtle" onClick={() => setSelecting(true)}>{t.list.select}</Button>}
            </Splits>
          )}
          <Filters search={search} narrow={narrow} />
          <Suspense>{(selected.size > 0 || selecting) && <BulkBar list={list} shown={shown} selected={selected} select={select} canSort={canSort} sort={() => setPicking([...selected])} />}</Suspense>
          <Suspense>{job && <JobReport job={job} close={endJob} />}</Suspense>
          <CaseList
            label={t.desk.splits[search.split ?? 'toSort']}
            list={list}
            shown={shown}
            active={active}
            activate={read}
            open={isNarrow ? read : open}
            selection={selection}
            menu={menu}
            swipe={isNarrow ? swipe : undefined}
            selecting={selecting}
            empty={search.split === undefined && !search.text && !search.mailbox ? t.desk.allDone : t.list.empty}
          />
        </section>
      )}
      {!isNarrow && <Divider label={w.listWidth} width={listWidth} set={setListWidth} bounds={listBounds} />}
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
          choose={(office, note, informed) => sortAll(picking, office, note, informed)}
          isOne={picking.length === 1}
        />
      )}</Suspense>
    </div>
  );
}

function Filters({ search, narrow }: { search: DeskSearch; narrow(change: Partial<DeskSearch>): void }) {
  const { t } = useSpeech();
  const { data: mailboxes = [] } = useQuery({
    queryKey: ['mailboxes', 'names'],
    queryFn: async ({ signal }) => (await ask(DeskMailboxesDocument, {}, signal)).mailboxes.nodes,
  });
  return (
    <FilterBar id="desk-search" text={search.text} ask={(text) => narrow({ text })} narrowedBy={[search.mailbox, search.oldest].filter(Boolean).length}>
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
    </FilterBar>
  );
}
