// Columns of cards side by side, gone through by arrows, moved by Alt and arrows, by
// the menu, or by dragging; on a phone one column at a time.

import { NativeSelect, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Work } from '../cases/work';
import { useCaseCommands } from '../casework/may';
import { leaveTrail } from '../casework/trail';
import type { Row } from '../live/rows';
import { useCommands } from '../shell/commands';
import type { Command } from '../shell/keys';
import { useSpeech, useWords } from '../words/words';
import css from './board.module.css';
import { Card } from './card';
import { Column } from './column';
import type { Column as Cases } from './columns';
import { useFresh } from '../live/use-fresh';
import { words } from './words';

export interface Heading {
  title: string;
  note: string;
  empty: string;
}

export interface Moving {
  /** Whether a case may be brought to a column by a command. */
  may(row: Row, to: string): boolean;
  /** Gives that command, or begins it. */
  move(row: Row, to: string): void;
  /** The next column on one side to which it may be moved. */
  aside(row: Row, step: 1 | -1): string | null;
}

/** Milliseconds for which a case that somebody moved here is shown where it went, whoever points there. */
const own = 5_000;

export function ColumnsView({ columns, heading, work, now, free, moving, showsPerson, shown, show }: {
  columns: readonly Cases[];
  heading(id: string): Heading;
  work: ReadonlyMap<string, Work>;
  now: Date;
  free: ReadonlySet<string>;
  moving: Moving;
  showsPerson: boolean;
  /** On a phone, the column that is shown. */
  shown: string | undefined;
  show(id: string): void;
}) {
  const { t } = useSpeech();
  const w = useWords(words);
  const isNarrow = useMediaQuery('(max-width: 60em)') ?? false;
  const drags = useMediaQuery('(hover: hover) and (pointer: fine)') ?? false;
  const fresh = useFresh();
  const [active, setActive] = useState<string | null>(null);
  const [hasFocus, setFocus] = useState(false);
  const [said, say] = useState('');
  const moved = useRef(new Map<string, number>());
  const follow = useRef<{ id: string; from: string | undefined } | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const known = useMemo(() => new Map(columns.flatMap((c) => c.rows.map((r) => [r.id, r] as const))), [columns]);
  const places = useMemo(() => new Map(columns.flatMap((c) => c.rows.map((r, i) => [r.id, { column: c.id, at: i + 1, of: c.rows.length }] as const))), [columns]);
  const visible = isNarrow ? columns.filter((c) => c.id === (columns.some((d) => d.id === shown) ? shown : columns[0]?.id)) : columns;
  const stop = active !== null && known.has(active) ? active : visible.find((c) => c.rows.length > 0)?.rows[0]?.id ?? null;

  const focus = useCallback((id: string) => {
    box.current?.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"] a`)?.focus();
  }, []);
  const move = useCallback((row: Row, to: string) => {
    moved.current.set(row.id, Date.now());
    follow.current = { id: row.id, from: places.get(row.id)?.column };
    moving.move(row, to);
  }, [moving, places]);

  // What the person moved is told where it went, and keeps the focus.
  const later = useRef<ReturnType<typeof setInterval> | undefined>(undefined);
  useEffect(() => () => clearInterval(later.current), []);
  useEffect(() => {
    const place = follow.current && places.get(follow.current.id);
    if (!follow.current || !place || place.column === follow.current.from) {
      return;
    }
    const { id } = follow.current;
    follow.current = null;
    say(w.moved(heading(place.column).title, place.at, place.of));
    clearInterval(later.current);
    later.current = setInterval(() => { // not from under a dialog that is still there
      if (!document.querySelector('[role=dialog]')) {
        clearInterval(later.current);
        focus(id);
      }
    }, 50);
  }, [places, heading, w, focus]);

  const ids = useMemo(() => (active !== null && hasFocus ? [active] : []), [active, hasFocus]);
  const { commands } = useCaseCommands(ids);
  useCommands(commands);
  const step = useCallback((dx: number, dy: number) => {
    const from = columns.findIndex((c) => c.id === (active === null ? undefined : places.get(active)?.column));
    const at = active === null ? 0 : places.get(active)?.at ?? 1;
    let to = columns[from];
    for (let i = from + dx; dx !== 0 && i >= 0 && i < columns.length; i += dx) { // over columns without a card
      if (columns[i]!.rows.length > 0) {
        to = columns[i];
        break;
      }
    }
    const next = to?.rows[Math.max(0, Math.min(to.rows.length - 1, at - 1 + dy))];
    if (!next) {
      return;
    }
    setActive(next.id);
    if (isNarrow && to && dx !== 0) {
      show(to.id);
    }
    setTimeout(() => focus(next.id)); // once it is drawn
  }, [columns, active, places, focus, isNarrow, show]);
  const aside = useCallback((by: 1 | -1) => {
    const row = active === null ? undefined : known.get(active);
    const to = row ? moving.aside(row, by) : null;
    if (row && to !== null) {
      move(row, to);
    } else {
      say(w.noMove);
    }
  }, [active, known, moving, move, w]);
  useCommands(useMemo<Command[]>(() => {
    const list = { group: t.groups.list, possible: hasFocus };
    return [
      { ...list, id: 'card down', title: w.cardDown, keys: 'ArrowDown', run: () => step(0, 1) },
      { ...list, id: 'card up', title: w.cardUp, keys: 'ArrowUp', run: () => step(0, -1) },
      { ...list, id: 'card right', title: w.cardRight, keys: 'ArrowRight', run: () => step(1, 0) },
      { ...list, id: 'card left', title: w.cardLeft, keys: 'ArrowLeft', run: () => step(-1, 0) },
      { ...list, id: 'card first', title: t.list.first, keys: 'Home', run: () => step(0, -Infinity) },
      { ...list, id: 'card last', title: t.list.last, keys: 'End', run: () => step(0, Infinity) },
      { ...list, group: t.groups.case, id: 'card forward', title: w.moveForward, keys: 'Alt+ArrowRight', run: () => aside(1) },
      { ...list, group: t.groups.case, id: 'card back', title: w.moveBack, keys: 'Alt+ArrowLeft', run: () => aside(-1) },
    ];
  }, [t, w, hasFocus, step, aside]));

  const isOwn = (id: string): boolean => Date.now() - (moved.current.get(id) ?? 0) < own;
  const movesOf = (row: Row): Command[] => columns.filter((c) => moving.may(row, c.id)).map((c) => ({
    id: `move ${c.id}`, title: showsPerson ? w.moveTo(heading(c.id).title) : w.assignTo(heading(c.id).title), group: t.groups.case, run: () => move(row, c.id),
  }));
  return (
    <>
      {isNarrow && (
        <NativeSelect
          className={css.switcher} size="md" aria-label={w.column} value={visible[0]?.id}
          data={columns.map((c) => ({ value: c.id, label: w.counted(heading(c.id).title, c.rows.length) }))}
          onChange={(e) => show(e.currentTarget.value)}
        />
      )}
      <div
        ref={box}
        className={css.columns}
        data-narrow={isNarrow || undefined}
        onFocus={(e) => setFocus(e.target.closest('[data-card]') !== null)}
        onBlur={() => setFocus(false)}
      >
        {visible.map((c) => (
          <Column
            key={c.id} id={c.id} {...heading(c.id)} rows={c.rows} known={known} active={active} isOwn={isOwn}
            canDrop={(id) => {
              const row = known.get(id);
              return row !== undefined && moving.may(row, c.id);
            }}
            drop={(id) => {
              const row = known.get(id);
              if (row) {
                move(row, c.id);
              }
            }}
            card={(row) => (
              <Card
                row={row} work={work.get(row.id)} now={now} free={free} isStop={row.id === stop} isFresh={fresh.has(row.id)} drags={drags} showsPerson={showsPerson}
                left={places.get(row.id)?.column === c.id ? null : heading(places.get(row.id)?.column ?? '').title}
                commands={() => movesOf(row)} focused={() => setActive(row.id)} opened={() => leaveTrail(c.rows.map((r) => r.id))}
              />
            )}
          />
        ))}
      </div>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
    </>
  );
}
