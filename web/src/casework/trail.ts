// Where somebody came from to a case: the list, so that the page of the case leads
// to the ones before and after it, and back.

import { useSyncExternalStore } from 'react';

interface Trail {
  ids: readonly string[];
  /** The address of the list. */
  back: string;
}

let trail: Trail | null = null;
const watchers = new Set<() => void>();

/** Remembers the list that is left for one of its cases. */
export function leaveTrail(ids: readonly string[]): void {
  trail = { ids, back: location.pathname + location.search };
  watchers.forEach((changed) => changed());
}

function watch(changed: () => void): () => void {
  watchers.add(changed);
  return () => watchers.delete(changed);
}

/** The cases beside one in the list that the person came from, and the way back to it. */
export function useTrail(id: string): { previous: string | undefined; next: string | undefined; back: string | undefined; at: number; of: number } {
  const left = useSyncExternalStore(watch, () => trail);
  const at = left?.ids.indexOf(id) ?? -1;
  return {
    previous: at > 0 ? left!.ids[at - 1] : undefined,
    next: at >= 0 ? left!.ids[at + 1] : undefined,
    back: left?.back,
    at, of: left?.ids.length ?? 0,
  };
}
