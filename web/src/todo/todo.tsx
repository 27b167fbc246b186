// The to-do list of who works in an office: everything that is somebody's to do, by
// when, each with its next step, and what may be taken.

import { Button, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { ask } from '../api/ask';
import { useFreeDays } from '../cases/free-days';
import { Preview } from '../cases/preview';
import { useWork } from '../cases/work';
import { useCasework } from '../casework/casework';
import { useCaseCommands } from '../casework/may';
import { leaveTrail } from '../casework/trail';
import { ToDoOfficesDocument } from '../generated/graphql';
import { useKnown } from '../live/known';
import { useFresh } from '../live/use-fresh';
import { useLiveList } from '../live/use-list';
import { caseAddress, useAddress, type Said } from '../shell/address';
import { useCommands } from '../shell/commands';
import { useHouse, useRoles } from '../shell/house';
import { Icon } from '../shell/icon';
import type { Command } from '../shell/keys';
import { useNow } from '../shell/now';
import { Waiting } from '../shell/states';
import { useTitle } from '../shell/title';
import { useSpeech, useWords } from '../words/words';
import { grouped } from './groups';
import { Item } from './item';
import { MyReplies } from './my-replies';
import css from './todo.module.css';
import { words } from './words';

interface ToDoSearch {
  /** The id of the case that is read. */
  read?: string;
}

function readToDoSearch(said: Said): ToDoSearch {
  return { read: said['read'] };
}

/** The offices in which the person may take what nobody has. */
function useOfficesToTakeIn(): readonly string[] {
  const { heads } = useRoles();
  const { data } = useQuery({
    queryKey: ['offices', 'mine'],
    queryFn: async ({ signal }) => (await ask(ToDoOfficesDocument, {}, signal)).viewer.offices,
  });
  return useMemo(() => (data ?? []).filter((o) => o.operatorsMayTake || heads.some((h) => h.id === o.id)).map((o) => o.id), [data, heads]);
}

export function ToDo() {
  const { t } = useSpeech();
  useTitle(t.places.todo);
  const w = useWords(words);
  const { rows: known, viewer } = useHouse();
  const [, navigate] = useLocation();
  const [search, change] = useAddress(readToDoSearch);
  const isNarrow = useMediaQuery('(max-width: 60em)') ?? false;
  const now = useNow();
  const me = viewer.user.id;
  const { works: [office] } = useRoles();
  const free = useFreeDays(office?.id);
  const fresh = useFresh();
  const mine = useLiveList({ filter: { assigneeIds: [me], statuses: ['IN_PROGRESS', 'ANSWERING'] }, order: { field: 'DUE_AT', direction: 'ASC' } });
  const offices = useOfficesToTakeIn();
  const toTake = useLiveList({ filter: { officeIds: [...offices], statuses: ['TO_ASSIGN'], unassigned: true }, order: { field: 'DUE_AT', direction: 'ASC' } });
  const all = useMemo(() => [...new Set([...mine.shown.ids, ...toTake.shown.ids])], [mine.shown.ids, toTake.shown.ids]);
  const rows = useKnown(all);
  const work = useWork(all);
  const groups = useMemo(() => grouped(rows, work, me, now), [rows, work, me, now]);
  const ids = useMemo(() => groups.flatMap((g) => g.rows.map((r) => r.id)), [groups]);
  const active = search.read ?? null;
  const box = useRef<HTMLDivElement>(null);

  const read = useCallback((id: string | null) => change({ read: id ?? undefined }, { replace: !isNarrow || id === null }), [change, isNarrow]);
  const open = useCallback((id: string) => {
    const row = known.get(id);
    if (row) {
      leaveTrail(ids);
      navigate(caseAddress(row.number));
    }
  }, [known, navigate, ids]);
  // When what is read leaves the list, the one that takes its place is read.
  const at = active === null ? -1 : ids.indexOf(active);
  const last = useRef(0);
  last.current = at >= 0 ? at : last.current;
  const isRead = mine.shown.reading || toTake.shown.reading;
  useEffect(() => {
    if (at < 0 && !isRead && (!isNarrow || active !== null)) {
      const id = isNarrow ? null : ids[Math.min(last.current, ids.length - 1)] ?? null;
      if (id !== active) {
        change({ read: id ?? undefined }, { replace: true });
      }
    }
  }, [at, isRead, isNarrow, ids, active, change]);

  const step = useCallback((to: number) => {
    const id = ids[Math.max(0, Math.min(ids.length - 1, to))];
    if (id !== undefined) {
      read(id);
      box.current?.querySelector<HTMLElement>(`[data-case="${CSS.escape(id)}"] button`)?.focus();
    }
  }, [ids, read]);
  const targets = useMemo(() => (active === null ? [] : [active]), [active]);
  const { commands } = useCaseCommands(targets);
  useCommands(commands);
  const { begin } = useCasework();
  const inquiry = active === null ? undefined : work.get(active)?.open[0];
  useCommands(useMemo<Command[]>(() => {
    const list = { group: t.groups.list, possible: ids.length > 0 };
    return [
      { ...list, id: 'next', title: w.nextItem, keys: 'ArrowDown', run: () => step(at + 1) },
      { ...list, id: 'previous', title: w.previousItem, keys: 'ArrowUp', run: () => step(at - 1) },
      { ...list, id: 'next-letter', title: w.nextItem, keys: { simple: 'j', gmail: 'j' }, run: () => step(at + 1) },
      { ...list, id: 'previous-letter', title: w.previousItem, keys: { simple: 'k', gmail: 'k' }, run: () => step(at - 1) },
      { ...list, id: 'first', title: t.list.first, keys: 'Home', run: () => step(0) },
      { ...list, id: 'last', title: t.list.last, keys: 'End', run: () => step(ids.length - 1) },
      { ...list, id: 'open', title: t.message.openCase, keys: { simple: 'o', gmail: 'o' }, possible: active !== null, run: () => active !== null && open(active) },
      { id: 'answer', title: w.answer, group: t.groups.case, keys: { simple: 's', gmail: 's' }, possible: inquiry !== undefined, run: () => inquiry && active !== null && begin('ANSWER', [active], { inquiry: inquiry.id }) },
      { id: 'back', title: t.list.back, group: t.groups.list, keys: 'Escape', possible: isNarrow && active !== null, run: () => read(null) },
    ];
  }, [t, w, ids.length, at, step, active, open, inquiry, begin, isNarrow, read]));

  // New ones wait while somebody points at the list.
  const waiting = mine.shown.waiting.length + toTake.shown.waiting.length;
  const [isPointed, point] = useState(false);
  useEffect(() => {
    for (const { list } of [mine, toTake]) {
      list.hold(isPointed);
      if (!isPointed) {
        list.admit();
      }
    }
  }, [isPointed, mine.list, toTake.list]);

  const failure = mine.shown.failure ?? toTake.shown.failure;
  if (isRead && all.length === 0) {
    return <Waiting />;
  }
  const isEmpty = groups.every((g) => g.group === 'toTake');
  return (
    <div className={css.todo} data-narrow={isNarrow || undefined}>
      <VisuallyHidden component="h1">{w.title}</VisuallyHidden>
      {(!isNarrow || active === null) && (
        <div className={css.side}>
          {waiting > 0 && <button type="button" className={css.pill} onClick={() => point(false)}>{w.pill(waiting)}</button>}
          <VisuallyHidden role="status">{waiting > 0 ? w.arrived(waiting) : ''}</VisuallyHidden>
          <div ref={box} className={css.list} onPointerEnter={(e) => point(e.pointerType === 'mouse')} onPointerLeave={() => point(false)}>
            {failure != null && <p className={css.failure} role="alert"><Icon name="warning" /> {t.list.failed} <Button size="compact-sm" variant="default" onClick={() => void Promise.all([mine.list.read(), toTake.list.read()])}>{t.tryAgain}</Button></p>}
            {isEmpty && (
              <div className={css.empty} role="status">
                <p><Icon name="check" /> <b>{w.empty}</b></p>
                <p>{groups.length > 0 ? w.emptyTake : w.emptyTold}</p>
              </div>
            )}
            {groups.map(({ group, rows: its }) => (
              <section key={group} aria-labelledby={`todo-${group}`} data-group={group}>
                <h2 id={`todo-${group}`}>{w.groups[group]} <span className={css.count}>{its.length}</span> {w.notes[group] && <small>{w.notes[group]}</small>}</h2>
                <ul>
                  {its.map((row) => (
                    <Item key={row.id} row={row} work={work.get(row.id)} now={now} free={free} isActive={row.id === active} isFresh={fresh.has(row.id)} activate={() => read(row.id)} />
                  ))}
                </ul>
              </section>
            ))}
            {(mine.shown.more || toTake.shown.more) && (
              <Button variant="default" fullWidth loading={isRead} onClick={() => void Promise.all([mine.list.readMore(), toTake.list.readMore()])}>{w.more}</Button>
            )}
            <MyReplies />
          </div>
        </div>
      )}
      {(!isNarrow || active !== null) && (
        <section className={css.preview} aria-label={t.message.text}>
          {active === null
            ? <p className={css.choose}>{w.choose}</p>
            : <Preview key={active} id={active} back={isNarrow ? () => read(null) : undefined} open={() => open(active)} />}
        </section>
      )}
    </div>
  );
}
