import { useEffect, useState } from 'react';
import type { Enclosed } from '../viewers/kinds';
import type { Printable, Progress } from './enclosed';

interface Enclosures {
  /** What is printed of each file, by its path; null while they are read, or are not wanted. */
  printable: ReadonlyMap<string, Printable> | null;
  progress: Progress | null;
}

const none: Enclosures = { printable: null, progress: null };

/** Reads files for paper, when they are wanted. What it takes to do so comes only then. */
export function useEnclosed(files: readonly Enclosed[], wanted: boolean): Enclosures {
  const [state, setState] = useState(none);
  useEffect(() => {
    if (!wanted) {
      return undefined;
    }
    const end = new AbortController();
    setState({ printable: null, progress: { file: 0, page: 0 } });
    void (async () => {
      const { Reading } = await import('./enclosed');
      const reading = new Reading(files, (progress) => !end.signal.aborted && setState({ printable: null, progress }), end.signal);
      const printable = await reading.all();
      setState({ printable, progress: null });
    })().catch(() => !end.signal.aborted && setState(none));
    return () => {
      end.abort();
      setState(none);
    };
  }, [files, wanted]);
  return state;
}
