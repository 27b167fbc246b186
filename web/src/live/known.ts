import { useCallback, useRef, useSyncExternalStore } from 'react';
import { useHouse } from '../shell/house';
import type { Row } from './rows';

/** The cases of these ids as they are known now, kept true. */
export function useKnown(ids: readonly string[]): readonly Row[] {
  const { rows } = useHouse();
  const last = useRef<readonly Row[]>([]);
  return useSyncExternalStore(
    useCallback((changed) => {
      const stops = ids.map((id) => rows.watch(id, changed));
      return () => stops.forEach((stop) => stop());
    }, [rows, ids]),
    () => {
      const now = ids.map((id) => rows.get(id)).filter((r): r is Row => r !== undefined);
      if (now.length !== last.current.length || now.some((r, i) => r !== last.current[i])) {
        last.current = now;
      }
      return last.current;
    },
  );
}
