// Larger and smaller: by buttons, keys, two fingers, and a double tap.

import { ActionIcon } from '@mantine/core';
import { useEffect, useMemo, useRef, type ReactNode, type RefObject } from 'react';
import { useCommands } from '../shell/commands';
import { Icon, type IconName } from '../shell/icon';
import type { Command } from '../shell/keys';
import { useSpeech, useWords } from '../words/words';
import css from './viewer.module.css';
import { words } from './words';

/** A point of the window. */
export type Point = [x: number, y: number];

export interface Zooming {
  /** How large it is shown; 1 is as large as it is. */
  scale: number;
  by(factor: number, around?: Point): void;
  fit(): void;
  rotate?(): void;
  print(): void;
}

const step = 1.25;

export function ZoomBar({ zooming, before, after }: { zooming: Zooming; before?: ReactNode; after?: ReactNode }) {
  const w = useWords(words);
  const { t } = useSpeech();
  const commands = useMemo<Command[]>(() => [
    { id: 'zoom-out', title: w.zoomOut, group: w.group, keys: '-', run: () => zooming.by(1 / step) },
    { id: 'zoom-in', title: w.zoomIn, group: w.group, keys: '+', run: () => zooming.by(step) },
    { id: 'zoom-fit', title: w.fit, group: w.group, keys: '0', run: () => zooming.fit() },
    ...(zooming.rotate ? [{ id: 'rotate', title: w.rotate, group: w.group, keys: 'r', run: () => zooming.rotate!() }] : []),
    { id: 'attachment-print', title: w.print, group: w.group, run: () => zooming.print() },
  ], [w, zooming]);
  useCommands(commands, t.groups.everywhere);
  const [out, more, fit, ...others] = commands as [Command, Command, Command, ...Command[]];
  return (
    <div className={css.bar} role="group" aria-label={w.toolbar}>
      {before}
      <Tool command={out} icon="less" />
      <span className={css.scale}>{w.scale(Math.round(zooming.scale * 100))}</span>
      <Tool command={more} icon="more" />
      <Tool command={fit} icon="fit" />
      {others.map((c) => <Tool key={c.id} command={c} icon={c.id === 'rotate' ? 'refresh' : 'print'} />)}
      {after}
    </div>
  );
}

export function Tool({ command: { title, keys, run }, icon }: { command: Command; icon: IconName }) {
  return <ActionIcon size="lg" variant="subtle" color="gray" className={css.tool} aria-label={title} title={keys ? `${title} (${String(keys)})` : title} onClick={run}><Icon name={icon} /></ActionIcon>;
}

/** Zooms by Ctrl and the wheel (as touchpads tell a pinch), two fingers, and a double tap, which comes back from larger. */
export function usePinch(box: RefObject<HTMLElement | null>, zooming: Zooming): void {
  const now = useRef(zooming);
  now.current = zooming;
  useEffect(() => {
    const element = box.current;
    if (!element) {
      return undefined;
    }
    const end = new AbortController();
    let apart = 0;
    let tapped = 0;
    let fitted = Infinity;
    const wheel = (e: WheelEvent): void => {
      if (e.ctrlKey) {
        e.preventDefault();
        now.current.by(Math.exp(-e.deltaY / 200), [e.clientX, e.clientY]);
      }
    };
    const between = ([a, b]: Touch[]): number => Math.hypot(a!.clientX - b!.clientX, a!.clientY - b!.clientY);
    const start = (e: TouchEvent): void => {
      apart = e.touches.length === 2 ? between([...e.touches]) : 0;
    };
    const move = (e: TouchEvent): void => {
      if (apart === 0 || e.touches.length !== 2) {
        return;
      }
      e.preventDefault();
      const [a, b] = [...e.touches] as [Touch, Touch];
      const wide = between([a, b]);
      if (Math.abs(wide / apart - 1) > 0.05) { // not at each trembling
        now.current.by(wide / apart, [(a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2]);
        apart = wide;
      }
    };
    const tap = (e: TouchEvent): void => {
      const [touch] = e.changedTouches;
      if (apart > 0 || e.touches.length > 0 || !touch) {
        return;
      }
      if (e.timeStamp - tapped < 300) {
        e.preventDefault();
        if (now.current.scale > fitted) {
          now.current.fit();
        } else {
          fitted = now.current.scale;
          now.current.by(2, [touch.clientX, touch.clientY]);
        }
        tapped = 0;
      } else {
        tapped = e.timeStamp;
      }
    };
    element.addEventListener('wheel', wheel, { passive: false, signal: end.signal });
    element.addEventListener('touchstart', start, { passive: true, signal: end.signal });
    element.addEventListener('touchmove', move, { passive: false, signal: end.signal });
    element.addEventListener('touchend', tap, { signal: end.signal });
    return () => end.abort();
  }, [box]);
}
