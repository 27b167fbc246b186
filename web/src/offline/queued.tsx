// What waits for the network, as lists and pages show it.

import { useCallback, useSyncExternalStore } from 'react';
import type { Row } from '../live/rows';
import { useHouse } from '../shell/house';
import { useToast } from '../shell/toasts';
import { useWords } from '../words/words';
import { goalOf, type Deed, type Waiting } from './queue';
import { words } from './words';

export function useDeeds(): readonly Deed[] {
  const { queue } = useHouse();
  return useSyncExternalStore(queue.watch, () => queue.deeds);
}

/** What waits to be done to a case, if anything does. */
export function useDeed(caseId: string): Deed | undefined {
  const { queue } = useHouse();
  return useSyncExternalStore(queue.watch, () => queue.of(caseId));
}

/** What became of a deed until now, in few words. */
export function deedSaid(deed: Deed, t: (typeof words)['it']): string {
  const goal = goalOf(deed.act).name;
  return deed.refused === undefined ? t.waits(goal) : t.refused[deed.act.does](goal);
}

/** Lets an act wait for the network, and tells so; it can be taken back until then. */
export function useWaiting(): (act: Waiting, cases: readonly Row[]) => Promise<void> {
  const t = useWords(words);
  const { queue } = useHouse();
  const toast = useToast();
  return useCallback(async (act, cases) => {
    const made: Deed[] = [];
    for (const { id, version, number, subject } of cases) {
      made.push(await queue.add({ act, caseId: id, version, number, subject: subject ?? '' }));
    }
    toast({ text: t.queuedNow[act.does](made.length, goalOf(act).name), undo: () => made.forEach((d) => void queue.remove(d.id)) });
  }, [t, queue, toast]);
}
