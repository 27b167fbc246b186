// The list of cases that desk and search have: as long as it may be, a few rows are
// drawn. The focus stays on the list; which row is meant is told by
// aria-activedescendant, so that it is not lost when its row scrolls away.

import { VisuallyHidden } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Suspense, useCallback, useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { LiveList, Shown } from '../live/list';
import { useCommands } from '../shell/commands';
import { useHouse, useLiveness } from '../shell/house';
import { Icon } from '../shell/icon';
import type { Command } from '../shell/keys';
import { lazy } from '../shell/lazily';
import { useSeldom } from '../shell/seldom';
import { useSpeech, useWords } from '../words/words';
import { CaseRow, type Swipe } from './case-row';
import { useDensity } from './density';
import { words } from './filter-words';
import css from './list.module.css';
import type { Spot } from '../shell/menu-at';

const RowMenu = lazy(() => import('./row-menu'));

export interface Selection {
  ids: ReadonlySet<string>;
  set(ids: ReadonlySet<string>): void;
}

export interface CaseListProps {
  label: string;
  list: LiveList;
  shown: Shown;
  /** The one that is read beside the list. */
  active: string | null;
  activate(id: string | null): void;
  open(id: string): void;
  selection: Selection;
  empty: string;
  menu: MenuState;
  /** On a phone: what a swipe shows the button of. */
  swipe?: Swipe;
  /** On a phone: rows are selected by a tap. */
  selecting?: boolean;
}

/** The menu of a row. */
export interface MenuState {
  /** The row whose menu is open. */
  of: string | null;
  open(id: string | null): void;
  /** Whether it is known what may be done to that row. */
  known: boolean;
}

/** Height of a row, in pixels where text is as large as usual: three lines, or one. */
const rowHeights = { roomy: 76, compact: 34 };
/** Rows that are drawn before and after what is seen. */
const overscan = 8;
/** How many rows before the end the next page is asked for. */
const ahead = 20;

export function CaseList({ label, list, shown, active, activate, open, selection, empty, menu, swipe, selecting = false }: CaseListProps) {
  const { t } = useSpeech();
  const w = useWords(words);
  const { ids } = shown;
  const { rows } = useHouse();
  const [density] = useDensity();
  const [scale] = useState(() => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1);
  const rowHeight = Math.round(rowHeights[density] * scale);
  const [spot, setSpot] = useState<Spot>({ x: 0, y: 0 });
  const liveness = useLiveness(); // when it is lost, the frame says so
  const scroller = useRef<HTMLDivElement>(null);
  const prefix = useId();
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (i) => ids[i]!,
    overscan,
  });
  const at = active === null ? -1 : ids.indexOf(active);
  useEffect(() => virtual.measure(), [virtual, rowHeight]);

  useHolding(list, scroller, selection.ids.size > 0);
  useEffect(() => list.keep(active), [list, active]);
  const read = at < 0 ? null : active;
  useEffect(() => { // when another one is read, and not when the list around it changes
    if (read !== null) {
      virtual.scrollToIndex(ids.indexOf(read), { align: 'auto' });
    }
  }, [read]);

  const drawn = virtual.getVirtualItems();
  const end = drawn.at(-1)?.index ?? 0;
  useEffect(() => {
    if (shown.more && !shown.reading && end >= ids.length - ahead) {
      void list.readMore();
    }
  }, [shown, end, ids.length, list]);

  const move = useCallback((to: number, extend: boolean) => {
    const id = ids[Math.max(0, Math.min(ids.length - 1, to))];
    if (id === undefined) {
      return;
    }
    if (extend) {
      selection.set(new Set([...selection.ids, ...(active === null ? [] : [active]), id]));
    }
    activate(id);
  }, [ids, active, activate, selection]);

  const toggle = useCallback((id: string) => {
    const next = new Set(selection.ids);
    if (!next.delete(id)) {
      next.add(id);
    }
    selection.set(next);
  }, [selection]);

  const press = (event: KeyboardEvent<HTMLElement>): void => {
    const bare = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === 'a' && (event.ctrlKey || event.metaKey) && !event.altKey) {
      event.preventDefault();
      selection.set(new Set(ids));
    } else if ((event.key === 'PageDown' || event.key === 'PageUp') && bare) { // here alone: elsewhere they scroll what is read
      event.preventDefault();
      const page = Math.max(1, Math.floor(event.currentTarget.clientHeight / rowHeight) - 1);
      move(event.key === 'PageDown' ? at + page : at - page, event.shiftKey);
    }
  };

  const { open: openMenu } = menu;
  const menuAt = useCallback((id: string, at: Spot) => {
    setSpot(at);
    openMenu(id);
  }, [openMenu]);
  const menuOfActive = useCallback(() => {
    const row = active === null ? null : document.getElementById(`${prefix}-${active}`);
    if (row && active !== null) {
      const { left, top } = row.getBoundingClientRect();
      menuAt(active, { x: left + 48, y: top + 24 });
    }
  }, [active, prefix, menuAt]);

  const subject = menu.of ?? (at >= 0 ? active : null);
  useCommands(useMemo<Command[]>(() => {
    const group = t.groups.list;
    const one = at >= 0;
    return [
      { id: 'next', title: t.list.next, group, keys: 'ArrowDown', run: () => move(at + 1, false) },
      { id: 'previous', title: t.list.previous, group, keys: 'ArrowUp', run: () => move(at - 1, false) },
      { id: 'next-letter', title: t.list.next, group, keys: { simple: 'j', gmail: 'j' }, run: () => move(at + 1, false) },
      { id: 'previous-letter', title: t.list.previous, group, keys: { simple: 'k', gmail: 'k' }, run: () => move(at - 1, false) },
      { id: 'extend-down', title: t.list.extendDown, group, keys: 'Shift+ArrowDown', possible: one, run: () => move(at + 1, true) },
      { id: 'extend-up', title: t.list.extendUp, group, keys: 'Shift+ArrowUp', possible: one, run: () => move(at - 1, true) },
      { id: 'first', title: t.list.first, group, keys: 'Home', run: () => move(0, false) },
      { id: 'last', title: t.list.last, group, keys: 'End', run: () => move(ids.length - 1, false) },
      { id: 'open', title: t.list.open, group, keys: 'Enter', possible: subject !== null, ofRow: true, run: () => subject !== null && open(subject) },
      { id: 'select', title: t.list.select, group, keys: { simple: 'x', gmail: 'x' }, possible: subject !== null, ofRow: true, run: () => subject !== null && toggle(subject) },
      { id: 'menu', title: w.menu, group, keys: 'Shift+F10', possible: one, run: menuOfActive },
      { id: 'menu-key', title: w.menu, group, keys: 'ContextMenu', possible: one, run: menuOfActive },
      { id: 'select-all', title: w.selectAll, group, possible: ids.length > 0, run: () => selection.set(new Set(ids)) },
      { id: 'select-none', title: t.list.selectNone, group, possible: selection.ids.size > 0, run: () => selection.set(new Set()) },
    ];
  }, [t, w, at, ids, subject, move, toggle, open, selection, menuOfActive]));

  return (
    <div className={css.whole}>
      <Pill list={list} shown={shown} scroller={scroller} />
      {shown.failure != null && liveness.state !== 'lost' && <p className={css.failure} role="alert"><Icon name="warning" /> {t.list.failed} <button type="button" onClick={() => void list.read()}>{t.tryAgain}</button></p>}
      {ids.length === 0 && <p className={css.empty} role="status">{shown.reading ? t.list.reading : shown.failure == null ? empty : ''}</p>}
      <div
        ref={scroller}
        className={css.scroller}
        role="grid"
        aria-label={label}
        aria-rowcount={shown.more ? -1 : ids.length}
        aria-multiselectable
        aria-busy={shown.reading}
        data-selecting={selecting || undefined}
        data-density={density}
        onKeyDown={press}
        onContextMenu={(event) => {
          const id = (event.target as Element).closest('[role=row]')?.id.slice(prefix.length + 1);
          if (id !== undefined) {
            event.preventDefault();
            menuAt(id, { x: event.clientX, y: event.clientY });
          }
        }}
        aria-activedescendant={drawn.some((d) => d.index === at) ? `${prefix}-${active}` : undefined}
        tabIndex={0}
      >
        <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {drawn.map((d) => {
            const id = ids[d.index]!;
            return (
              <div key={id} role="presentation" className={css.place} style={{ transform: `translateY(${d.start}px)`, height: rowHeight }}>
                <CaseRow
                  id={id}
                  domId={`${prefix}-${id}`}
                  index={d.index}
                  isActive={id === active}
                  isSelected={selection.ids.has(id)}
                  select={toggle}
                  activate={activate}
                  open={open}
                  swipe={swipe}
                  selecting={selecting}
                  menuAt={menuAt}
                />
              </div>
            );
          })}
        </div>
      </div>
      <Suspense>
        {menu.of !== null && (
          <RowMenu number={rows.get(menu.of)?.number ?? ''} at={spot} known={menu.known} close={() => {
            openMenu(null);
            scroller.current?.focus();
          }} />
        )}
      </Suspense>
    </div>
  );
}

/** New rows wait while somebody points at the list, has selected something, or is not at its start. */
function useHolding(list: LiveList, scroller: React.RefObject<HTMLDivElement | null>, isSelecting: boolean): void {
  useEffect(() => {
    const box = scroller.current;
    if (!box) {
      return undefined;
    }
    let pointed = false;
    const judge = (): void => list.hold(pointed || isSelecting || box.scrollTop > 0);
    const enter = (e: PointerEvent): void => {
      pointed = e.pointerType === 'mouse';
      judge();
    };
    const leave = (): void => {
      pointed = false;
      judge();
    };
    box.addEventListener('pointerenter', enter);
    box.addEventListener('pointerleave', leave);
    box.addEventListener('scroll', judge, { passive: true });
    judge();
    return () => {
      box.removeEventListener('pointerenter', enter);
      box.removeEventListener('pointerleave', leave);
      box.removeEventListener('scroll', judge);
    };
  }, [list, scroller, isSelecting]);
}

/** Counts what waits, and lets it in. */
function Pill({ list, shown, scroller }: { list: LiveList; shown: Shown; scroller: React.RefObject<HTMLDivElement | null> }) {
  const { t } = useSpeech();
  const n = shown.waiting.length;
  const told = useSeldom(n > 0 ? t.list.arrived(n) : '');
  return (
    <>
      <VisuallyHidden role="status">{told}</VisuallyHidden>
      {n > 0 && (
        <button type="button" className={css.pill} onClick={() => {
          list.admit();
          scroller.current?.scrollTo({ top: 0 });
          scroller.current?.focus();
        }}>
          {t.list.waiting(n)}
        </button>
      )}
    </>
  );
}
