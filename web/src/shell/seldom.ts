import { useEffect, useRef, useState } from 'react';

/** Milliseconds from one announcement to the next. */
const between = 10_000;

/** What a screen reader is told of something that changes often: the latest of it, at most once in ten seconds. */
export function useSeldom(text: string): string {
  const [told, tell] = useState('');
  const at = useRef(-Infinity);
  useEffect(() => {
    if (text === told) {
      return undefined;
    }
    if (text === '') { // nothing is said by it
      tell('');
      return undefined;
    }
    const timer = setTimeout(() => {
      at.current = Date.now();
      tell(text);
    }, Math.max(0, at.current + between - Date.now()));
    return () => clearTimeout(timer);
  }, [text, told]);
  return told;
}
