// The cases that the client knows, each once: a list, a card and a page of the
// same case show the same facts at the same moment.

import { useCallback, useSyncExternalStore } from 'react';
import type { CaseListedFragment, CaseRowFragment } from '../generated/graphql';

/** A case in lists. What only reading a list tells may not be known yet. */
export type Row = CaseRowFragment & Partial<Pick<CaseListedFragment, 'lookers' | 'mailbox' | 'messages'>>;

export class Rows {
  #rows = new Map<string, Row>();
  #watchers = new Map<string, Set<() => void>>();

  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  /**
   * Takes what is known of a case now. News travel by two ways, answers and events,
   * and may overtake each other: what is older than what is known is left.
   */
  put(row: Row): Row {
    const known = this.#rows.get(row.id);
    if (known && isOlder(row, known)) {
      return known;
    }
    const merged = { ...known, ...row };
    this.#rows.set(row.id, merged);
    this.#watchers.get(row.id)?.forEach((changed) => changed());
    return merged;
  }

  /** Changes a case ahead of the server; gives back how to undo that. */
  presume(id: string, change: Partial<Row>): () => void {
    const known = this.#rows.get(id);
    if (!known) {
      return () => undefined;
    }
    this.#rows.set(id, { ...known, ...change });
    this.#watchers.get(id)?.forEach((changed) => changed());
    return () => {
      if (this.#rows.get(id)?.version === known.version) {
        this.#rows.set(id, known);
        this.#watchers.get(id)?.forEach((changed) => changed());
      }
    };
  }

  watch(id: string, changed: () => void): () => void {
    const watchers = this.#watchers.get(id) ?? new Set();
    this.#watchers.set(id, watchers.add(changed));
    return () => {
      watchers.delete(changed);
      if (watchers.size === 0) {
        this.#watchers.delete(id);
      }
    };
  }
}

/** Whether news of a case are older than what is known of it. */
function isOlder(news: Row, known: Row): boolean {
  return news.version < known.version || (news.version === known.version && news.changedAt < known.changedAt);
}

/** A case as it is known now, kept true. */
export function useRow(rows: Rows, id: string): Row | undefined {
  return useSyncExternalStore(
    useCallback((changed) => rows.watch(id, changed), [rows, id]),
    () => rows.get(id),
  );
}
