// What this device keeps of what the server said, so that it can be read without a
// network: the headers of the desk, and what was opened, as text. Everything belongs
// to one person, in a database with that person's name, and goes with the session.
// What was commanded without a network waits there as well.

import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { databaseOf, ownerHere } from '../api/session';
import type { Deed } from './queue';

export interface Page<T> {
  data: T;
  /** When the server said it, in milliseconds since 1970. */
  at: number;
}

interface Store extends DBSchema {
  pages: { key: string; value: Page<unknown>; indexes: { at: number } };
  deeds: { key: number; value: Deed };
}

type Base = IDBPDatabase<Store>;

/** Pages beyond which the oldest go. */
const mostPages = 300;
const setting = 'smista.offline';

class Kept {
  #owner: string | null = null;
  #base: Promise<Base | null> | undefined;

  /** Whether PECs are kept here: a phone and an installed client keep them, unless the person does not want it. */
  get keepsPages(): boolean {
    const wanted = localStorage.getItem(setting);
    return wanted === null ? matchMedia('(pointer: coarse), (display-mode: standalone)').matches : wanted === 'on';
  }

  async keepPages(wanted: boolean): Promise<void> {
    localStorage.setItem(setting, wanted ? 'on' : 'off');
    if (!wanted) {
      await this.forgetPages();
    }
  }

  async get<T>(name: string): Promise<Page<T> | undefined> {
    return (await this.#use((base) => base.get('pages', name))) as Page<T> | undefined;
  }

  async put(name: string, data: unknown): Promise<void> {
    if (!this.keepsPages) {
      return;
    }
    await this.#use(async (base) => {
      await base.put('pages', { data, at: Date.now() }, name);
      const over = (await base.count('pages')) - mostPages;
      if (over > 0) {
        const pages = base.transaction('pages', 'readwrite');
        let oldest = await pages.store.index('at').openCursor();
        for (let i = 0; oldest && i < over; i++) {
          await oldest.delete();
          oldest = await oldest.continue();
        }
        await pages.done;
      }
    });
  }

  async drop(name: string): Promise<void> {
    await this.#use((base) => base.delete('pages', name));
  }

  /** Deletes what can be read, and not what still has to be done. */
  async forgetPages(): Promise<void> {
    await this.#use((base) => base.clear('pages'));
  }

  deeds(): Promise<Deed[] | undefined> {
    return this.#use((base) => base.getAll('deeds'));
  }

  async putDeed(deed: Deed): Promise<void> {
    await this.#use((base) => base.put('deeds', deed, deed.id));
  }

  async dropDeed(id: number): Promise<void> {
    await this.#use((base) => base.delete('deeds', id));
  }

  /** Does something with the person's database; nothing where there is none, as in a private window. */
  async #use<T>(does: (base: Base) => Promise<T>): Promise<T | undefined> {
    const owner = ownerHere();
    if (owner === null || !('indexedDB' in globalThis)) {
      return undefined;
    }
    if (owner !== this.#owner) {
      this.#owner = owner;
      this.#base = undefined;
    }
    try {
      const base = await (this.#base ??= this.#open(owner));
      return base ? await does(base) : undefined;
    } catch {
      this.#base = undefined; // it was deleted under us, or the disk is full
      return undefined;
    }
  }

  async #open(owner: string): Promise<Base | null> {
    const letGo = (): void => {
      this.#base = undefined;
    };
    return openDB<Store>(databaseOf(owner), 1, {
      upgrade: (base) => {
        base.createObjectStore('pages').createIndex('at', 'at');
        base.createObjectStore('deeds');
      },
      blocking: (_, __, event) => {
        letGo();
        (event.target as IDBDatabase).close();
      },
      terminated: letGo,
    });
  }
}

export const kept = new Kept();
