// What was typed and is not on the server yet, kept in this browser: a lost network,
// a reload and an ended session take nothing away.

import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Said } from './draft';

/** Something typed, on which state of the draft, and when. */
export interface Kept {
  said: Said;
  /** What the draft said when this was typed on it. */
  base: Said;
  at: string;
}

interface Shelf extends DBSchema {
  unsaved: { key: string; value: Kept };
}

let shelf: Promise<IDBPDatabase<Shelf>> | undefined;

function open(): Promise<IDBPDatabase<Shelf>> {
  shelf ??= openDB<Shelf>('smista-drafts', 1, {
    upgrade: (db) => void db.createObjectStore('unsaved'),
    blocking: () => { // signing out clears it away
      void shelf?.then((db) => db.close());
      shelf = undefined;
    },
  });
  return shelf;
}

/** A place for the unsaved text of one person in one draft. A browser that keeps nothing is no error. */
export interface Place {
  put(kept: Kept): Promise<void>;
  get(): Promise<Kept | undefined>;
  clear(): Promise<void>;
}

export function placeFor(person: string, reply: string): Place {
  const key = `${person}/${reply}`;
  const quietly = async <T>(what: (db: IDBPDatabase<Shelf>) => Promise<T>): Promise<T | undefined> => {
    try {
      return await what(await open());
    } catch {
      return undefined;
    }
  };
  return {
    put: async (kept) => void (await quietly((db) => db.put('unsaved', kept, key))),
    get: () => quietly(async (db) => (await db.get('unsaved', key)) ?? undefined),
    clear: async () => void (await quietly((db) => db.delete('unsaved', key))),
  };
}
