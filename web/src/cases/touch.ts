// Fingers on a row: a long press selects it, a swipe to the side shows its button and
// does nothing by itself. Up and down stay the browser's, so that pulling refreshes.

import { useRef, useState, type MouseEvent, type PointerEvent } from 'react';

const setting = 'smista.swipe';

export function swipes(): boolean {
  return localStorage.getItem(setting) !== 'off';
}

export function setSwiping(wanted: boolean): void {
  localStorage.setItem(setting, wanted ? 'on' : 'off');
}

/** Milliseconds that a finger rests for a long press. */
const long = 500;
/** Pixels that a resting finger may tremble. */
const tremble = 10;
/** Pixels that make a swipe. */
const far = 48;

export interface Touch {
  /** Whether the button is shown. */
  isOpen: boolean;
  close(): void;
  /** Whether the press that ends with this click was a gesture, and not one. */
  wasGesture(): boolean;
  handlers: {
    onPointerDown(event: PointerEvent): void;
    onPointerMove(event: PointerEvent): void;
    onPointerUp(): void;
    onPointerCancel(): void;
    onContextMenu(event: MouseEvent): void;
  };
}

export function useTouch(hold: () => void, canSwipe: boolean): Touch {
  const [isOpen, setOpen] = useState(false);
  const start = useRef<{ x: number; y: number; timer: ReturnType<typeof setTimeout> } | null>(null);
  const gesture = useRef(false);
  const end = (): void => {
    clearTimeout(start.current?.timer);
    start.current = null;
  };
  return {
    isOpen,
    close: () => setOpen(false),
    wasGesture: () => gesture.current,
    handlers: {
      onPointerDown: ({ pointerType, clientX, clientY }) => {
        gesture.current = false;
        if (pointerType !== 'mouse') {
          const timer = setTimeout(() => {
            gesture.current = true;
            end();
            hold();
          }, long);
          start.current = { x: clientX, y: clientY, timer };
        }
      },
      onPointerMove: ({ clientX, clientY }) => {
        if (!start.current) {
          return;
        }
        const [dx, dy] = [clientX - start.current.x, clientY - start.current.y];
        if (Math.hypot(dx, dy) > tremble) {
          clearTimeout(start.current.timer);
        }
        if (canSwipe && swipes() && Math.abs(dx) > far && Math.abs(dx) > 2 * Math.abs(dy)) {
          gesture.current = true;
          end();
          setOpen(dx < 0);
        }
      },
      onPointerUp: end,
      onPointerCancel: end,
      onContextMenu: (event) => { // what a long press would open as well
        if (gesture.current) {
          event.preventDefault();
          event.stopPropagation();
        }
      },
    },
  };
}
