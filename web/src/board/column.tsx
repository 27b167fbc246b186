// A column of cards: it scrolls by itself, draws only what is seen, and keeps its
// order while somebody points at it.

import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import type { Row } from '../live/rows';
import { dragging } from '../shell/dragging';
import { useWords } from '../words/words';
import css from './board.module.css';
import { useHeld } from './use-held';
import { words } from './words';

/** Height of a card before it is measured, in pixels. */
const guess = 118;

export interface ColumnProps {
  id: string;
  title: string;
  note: string;
  empty: string;
  rows: readonly Row[];
  /** Of all cases, wherever they stand now. */
  known: ReadonlyMap<string, Row>;
  /** The card that has, or had, the focus. */
  active: string | null;
  /** Whether the person moved a case himself: that is shown at once. */
  isOwn(id: string): boolean;
  canDrop(id: string): boolean;
  drop(id: string): void;
  card(row: Row): ReactNode;
}

export function Column({ id, title, note, empty, rows, known, active, isOwn, canDrop, drop, card }: ColumnProps) {
  const w = useWords(words);
  const [isPointed, point] = useState(false);
  const held = useHeld(rows.map((r) => r.id), isPointed, isOwn);
  const { waiting } = held;
  const ids = held.ids.filter((i) => known.has(i));
  const box = useRef<HTMLElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState<'none' | 'can' | 'over'>('none');
  const heading = useId();
  const current = useRef({ canDrop, drop });
  current.current = { canDrop, drop };
  useEffect(() => {
    const element = box.current;
    const caseOf = (data: Record<string | symbol, unknown>): string => String(data['id']);
    return element ? dragging((dnd) => dnd.dropTargetForElements({
      element,
      canDrop: ({ source }) => current.current.canDrop(caseOf(source.data)),
      onDragEnter: () => setOver('over'),
      onDragLeave: () => setOver('none'),
      onDrop: ({ source }) => {
        setOver('none');
        current.current.drop(caseOf(source.data));
      },
    })) : undefined;
  }, []);
  const at = active === null ? -1 : ids.indexOf(active);
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => guess,
    getItemKey: (i) => ids[i]!,
    overscan: 6,
    // The one that has the focus is drawn wherever it is, or it would lose it.
    rangeExtractor: (range) => {
      const drawn = defaultRangeExtractor(range);
      return at < 0 || drawn.includes(at) ? drawn : [...drawn, at].sort((a, b) => a - b);
    },
  });
  return (
    <section ref={box} className={css.column} aria-labelledby={heading} data-column={id} data-drop={over}>
      <header>
        <h2 id={heading}>{title} <span className={css.count}>{rows.length}</span></h2>
        {note !== '' && <p>{note}</p>}
      </header>
      {waiting > 0 && <button type="button" className={css.pill} onClick={() => point(false)}>{w.waitingNew(waiting)}</button>}
      <div
        ref={scroller}
        className={css.scroller}
        onPointerEnter={(e) => point(e.pointerType === 'mouse')}
        onPointerLeave={() => point(false)}
      >
        {ids.length === 0 && <p className={css.empty}>{empty}</p>}
        <ul className={css.cards} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((d) => {
            const row = known.get(ids[d.index]!);
            return row && (
              <li key={d.key} ref={virtual.measureElement} data-index={d.index} aria-setsize={ids.length} aria-posinset={d.index + 1} style={{ top: d.start }} /* no transform: what is fixed to the screen, as a menu, would be fixed to it */>
                {card(row)}
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}
