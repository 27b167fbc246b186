// The line between two panes: dragged, or moved by the arrow keys; where it stands is
// remembered.

import { useLocalStorage } from '@mantine/hooks';
import { type KeyboardEvent, type PointerEvent } from 'react';
import css from './shell.module.css';

interface Bounds {
  /** Pixels. */
  usual: number;
  least: number;
  most: number;
}

/** How wide a pane is, and how it is made wider. */
export function usePaneWidth(name: string, { usual, least, most }: Bounds): [number, (to: number) => void] {
  const [width, setWidth] = useLocalStorage<number>({ key: `smista.pane.${name}`, defaultValue: usual, getInitialValueInEffect: false });
  const within = (to: number): number => Math.round(Math.min(most, Math.max(least, Number.isFinite(to) ? to : usual)));
  return [within(width), (to) => setWidth(within(to))];
}

/** How far a key moves it, in pixels. */
const step = 24;

/** Stands after the pane whose width it changes. */
export function Divider({ label, width, set, bounds: { usual, least, most } }: { label: string; width: number; set(to: number): void; bounds: Bounds }) {
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = { ArrowLeft: width - step, ArrowRight: width + step, Home: least, End: most, Enter: usual }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      set(to);
    }
  };
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    event.preventDefault(); // no text is selected on the way
    event.currentTarget.focus();
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    const line = event.currentTarget;
    const pane = line.previousElementSibling;
    if (pane && line.hasPointerCapture(event.pointerId)) {
      set(event.clientX - pane.getBoundingClientRect().left);
    }
  };
  return (
    <div
      role="separator" aria-orientation="vertical" aria-label={label} aria-valuenow={width} aria-valuemin={least} aria-valuemax={most}
      className={css.divider} tabIndex={0} onKeyDown={onKeyDown} onPointerDown={onPointerDown} onPointerMove={onPointerMove} onDoubleClick={() => set(usual)}
    />
  );
}
