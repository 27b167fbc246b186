import { useRef } from 'react';

export interface Held {
  ids: readonly string[];
  /** How many came or went meanwhile. */
  waiting: number;
}

/**
 * Ids in their order; while they are held nothing moves, but for what the person
 * moves himself.
 */
export function useHeld(ids: readonly string[], isHeld: boolean, isOwn: (id: string) => boolean): Held {
  const kept = useRef(ids);
  kept.current = isHeld ? held(kept.current, ids, isOwn) : ids;
  const now = new Set(ids);
  const shown = new Set(kept.current);
  return { ids: kept.current, waiting: ids.filter((id) => !shown.has(id)).length + kept.current.filter((id) => !now.has(id)).length };
}

/** What is shown while it is held: what was there, with what the person himself put in or took out. */
export function held(before: readonly string[], now: readonly string[], isOwn: (id: string) => boolean): readonly string[] {
  const there = new Set(now);
  const had = new Set(before);
  const after = before.filter((id) => there.has(id) || !isOwn(id));
  const came = now.filter((id) => !had.has(id) && isOwn(id));
  if (after.length === before.length && came.length === 0) {
    return before;
  }
  for (const id of came) {
    after.splice(Math.min(now.indexOf(id), after.length), 0, id);
  }
  return after;
}
