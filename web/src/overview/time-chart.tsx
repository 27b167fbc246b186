// A chart over days: bars or a line, each of whose marks leads to what it counts. It
// is one stop of the Tab key; arrows move from mark to mark.

import { useElementSize } from '@mantine/hooks';
import { useRef, useState, type KeyboardEvent } from 'react';
import { Link } from 'wouter';
import { startOfDay } from '../shell/days';
import { useSpeech, useWords } from '../words/words';
import css from './charts.module.css';
import { ticksTo, type Slot } from './slots';
import { words } from './words';

export interface Series {
  name: string;
  of(slot: Slot): number;
  href(slot: Slot): string;
}

const height = 200;
const inset = { top: 8, right: 8, bottom: 24, left: 44 };
const widest = 22; // of a bar

export function TimeChart({ label, slots, series, line }: { label: string; slots: readonly Slot[]; series: readonly Series[]; line?: boolean }) {
  const { dates } = useSpeech();
  const w = useWords(words);
  const { ref, width } = useElementSize<HTMLDivElement>();
  const [current, setCurrent] = useState<[slot: number, series: number]>([slots.length - 1, 0]);
  const [pointed, point] = useState<[slot: number, series: number] | null>(null);
  const drawing = useRef<SVGSVGElement>(null);

  const ticks = ticksTo(Math.max(...slots.flatMap((slot) => series.map((s) => s.of(slot)))));
  const top = ticks.at(-1)!;
  const inner = Math.max(0, width - inset.left - inset.right);
  const tall = height - inset.top - inset.bottom;
  const each = inner / slots.length;
  const part = each / series.length;
  const bar = Math.min(widest, part * 0.8);
  const x = (slot: number): number => inset.left + each * (slot + 0.5);
  const y = (n: number): number => inset.top + tall * (1 - n / top);
  const barX = (slot: number, s: number): number => x(slot) + (s - series.length / 2) * bar;
  const at: [number, number] = [Math.min(current[0], slots.length - 1), current[1]];

  const told = ([slot, s]: [number, number]): string => w.mark(series[s]!.name, when(slots[slot]!, dates.day, w.ofWeek), dates.number(series[s]!.of(slots[slot]!)));
  const onKeyDown = (event: KeyboardEvent): void => {
    const [slot, s] = at;
    const to: [number, number] | undefined = ({
      ArrowLeft: [slot - 1, s], ArrowRight: [slot + 1, s], ArrowUp: [slot, s - 1], ArrowDown: [slot, s + 1], Home: [0, s], End: [slots.length - 1, s],
    } as Record<string, [number, number]>)[event.key];
    if (to) {
      event.preventDefault();
      drawing.current?.querySelector<SVGAElement>(`[data-mark="${to.join('-')}"]`)?.focus();
    }
  };

  return (
    <div ref={ref} className={css.time}>
      <div className={css.caption} aria-hidden>
        {series.length > 1 && series.map((s, i) => <span key={s.name}><i data-series={i} /> {s.name}</span>)}
        <b>{pointed && told(pointed)}</b>
      </div>
      <svg ref={drawing} width={width} height={height} role="group" aria-label={label} onKeyDown={onKeyDown}>
        <g aria-hidden className={css.axes}>
          {ticks.map((n) => (
            <g key={n}>
              <line x1={inset.left} x2={width - inset.right} y1={y(n)} y2={y(n)} />
              <text x={inset.left - 6} y={y(n)} dy="0.32em" textAnchor="end">{dates.number(n)}</text>
            </g>
          ))}
          {labelled(slots.length, inner).map((slot) => (
            <text key={slot} x={x(slot)} y={height - 6} textAnchor={slot === slots.length - 1 && each < 40 ? 'end' : 'middle'}>{dates.day(startOfDay(slots[slot]!.until)).slice(0, 5)}</text>
          ))}
        </g>
        {line && <polyline aria-hidden className={css.line} points={slots.map((slot, i) => `${x(i)},${y(series[0]!.of(slot))}`).join(' ')} />}
        {slots.map((slot, i) => series.map((s, j) => {
          const n = s.of(slot);
          return (
            <Link
              key={`${i}-${j}`}
              href={s.href(slot)}
              className={css.mark}
              data-mark={`${i}-${j}`}
              tabIndex={i === at[0] && j === at[1] ? 0 : -1}
              aria-label={told([i, j])}
              onFocus={() => {
                setCurrent([i, j]);
                point([i, j]);
              }}
              onBlur={() => point(null)}
              onPointerEnter={() => point([i, j])}
              onPointerLeave={() => point(null)}
            >
              <rect className={css.hit} x={inset.left + each * i + part * j} y={inset.top} width={part} height={tall} />
              {line
                ? <circle className={css.dot} cx={x(i)} cy={y(n)} r={3} />
                : <rect className={css.bar} data-series={j} x={barX(i, j)} y={y(n)} width={bar} height={Math.max(0, inset.top + tall - y(n))} />}
            </Link>
          );
        }))}
      </svg>
    </div>
  );
}

/** A slot in words: a day, or from one to another. */
export function when(slot: Slot, day: (at: Date) => string, ofWeek: (from: string, until: string) => string): string {
  const [from, until] = [day(startOfDay(slot.from)), day(startOfDay(slot.until))];
  return from === until ? from : ofWeek(from, until);
}

/** Which slots have their date below: as many as there is room for, the last one always. */
function labelled(slots: number, room: number): number[] {
  const every = Math.max(1, Math.ceil((slots * 52) / Math.max(1, room)));
  return Array.from({ length: Math.ceil(slots / every) }, (_, i) => slots - 1 - i * every);
}
