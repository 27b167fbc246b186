// How far down a case was read: who comes back to it reads on there.

import { useEffect, type RefObject } from 'react';

const places = new Map<string, number>();
/** Milliseconds in which what is shown grows to its length: mails come in frames of their own. */
const growing = 3_000;

/** Keeps how far a box was scrolled while it showed a case, and scrolls it there again. */
export function useReadingPlace(box: RefObject<HTMLElement | null>, id: string, isThere: boolean): void {
  useEffect(() => {
    const scrolled = box.current;
    if (!scrolled || !isThere) {
      return undefined;
    }
    const wanted = places.get(id) ?? 0;
    const back = (): void => {
      if (scrolled.scrollTop < wanted) {
        scrolled.scrollTop = wanted;
      }
    };
    const grown = new ResizeObserver(back);
    const stop = (): void => grown.disconnect();
    if (wanted > 0) {
      [...scrolled.children].forEach((child) => grown.observe(child));
      back();
    }
    const timer = setTimeout(stop, growing);
    const keep = (): void => void places.set(id, scrolled.scrollTop);
    const moves = ['wheel', 'pointerdown', 'keydown'] as const; // from then on the person says where
    moves.forEach((move) => scrolled.addEventListener(move, stop, { passive: true }));
    scrolled.addEventListener('scroll', keep, { passive: true });
    return () => {
      stop();
      clearTimeout(timer);
      moves.forEach((move) => scrolled.removeEventListener(move, stop));
      scrolled.removeEventListener('scroll', keep);
    };
  }, [box, id, isThere]);
}
