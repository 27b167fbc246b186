// What was commanded while there was no network: done in its order, once, as soon as
// there is one, also after the page was closed. Each names the version of the case that
// the person saw, and the server does a command on a version only once: what was done
// without us hearing the answer is refused the second time, and found to be done.

import { Unreachable } from '../api/ask';
import type { Act, Named } from '../casework/acts';

/** What can wait: acts that the server does once on a version of a case. */
export type Waiting = Extract<Act, { does: 'SORT' | 'ASSIGN' }>;

export interface Deed {
  /** When it was commanded, in milliseconds since 1970; no two have the same. */
  id: number;
  act: Waiting;
  caseId: string;
  version: number;
  /** As the person knows the case. */
  number: string;
  subject: string;
  /** Why it was refused, when it was: the person decides what becomes of it. */
  refused?: string;
}

/** Whether an act can wait for the network. Sending never does: nobody could say when it would leave. */
export function canWait(act: Act): act is Waiting {
  return act.does === 'SORT' || act.does === 'ASSIGN';
}

/** To whom or where a case is to go. */
export function goalOf(act: Waiting): Named {
  return act.does === 'SORT' ? act.office : act.standsIn ?? act.person;
}

/** Where deeds survive the page. */
export interface DeedStore {
  /** All that wait; nothing where there is no place for them, and they live as long as the page. */
  deeds(): Promise<Deed[] | undefined>;
  putDeed(deed: Deed): Promise<void>;
  dropDeed(id: number): Promise<void>;
}

/** Does a deed: resolves to why it was refused, or nothing; throws Unreachable when nobody knows. */
export type Doing = (deed: Deed) => Promise<string | undefined>;

export class Queue {
  #deeds: readonly Deed[] = [];
  #watchers = new Set<() => void>();
  #running: Promise<number> | null = null;

  constructor(
    private readonly store: DeedStore,
    private readonly does: Doing,
  ) {}

  get deeds(): readonly Deed[] {
    return this.#deeds;
  }

  watch = (changed: () => void): (() => void) => {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  };

  /** What is to be done to a case, if anything is. */
  of(caseId: string): Deed | undefined {
    return this.#deeds.find((d) => d.caseId === caseId);
  }

  /** Reads what waits from an earlier time. */
  async load(): Promise<void> {
    const stored = await this.store.deeds();
    if (stored) {
      this.#show(stored.sort((a, b) => a.id - b.id));
    }
  }

  async add(deed: Omit<Deed, 'id'>): Promise<Deed> {
    const id = Math.max(Date.now(), (this.#deeds.at(-1)?.id ?? 0) + 1);
    const made = { ...deed, id };
    await this.store.putDeed(made);
    this.#show([...this.#deeds, made]);
    return made;
  }

  async remove(id: number): Promise<void> {
    this.#show(this.#deeds.filter((d) => d.id !== id));
    await this.store.dropDeed(id);
  }

  /** Does all that waits; resolves to how many were done. Pages beside each other do not do it at once. */
  replay(): Promise<number> {
    this.#running ??= alone(() => this.#replay()).finally(() => (this.#running = null));
    return this.#running;
  }

  async #replay(): Promise<number> {
    await this.load(); // another page may have done some
    let done = 0;
    for (const deed of this.#deeds.filter((d) => d.refused === undefined)) {
      if (!this.#deeds.some((d) => d.id === deed.id)) {
        continue; // taken back meanwhile
      }
      try {
        const refused = await this.does(deed);
        if (refused === undefined) {
          await this.remove(deed.id);
          done++;
        } else {
          await this.#refuse(deed, refused);
        }
      } catch (failure) {
        if (failure instanceof Unreachable) {
          return done; // the rest waits on, in its order
        }
        await this.#refuse(deed, failure instanceof Error ? failure.message : String(failure));
      }
    }
    return done;
  }

  async #refuse(deed: Deed, refused: string): Promise<void> {
    const told = { ...deed, refused };
    this.#show(this.#deeds.map((d) => (d.id === deed.id ? told : d)));
    await this.store.putDeed(told);
  }

  #show(deeds: readonly Deed[]): void {
    this.#deeds = deeds;
    this.#watchers.forEach((changed) => changed());
  }
}

async function alone<T>(does: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? ((await navigator.locks.request('smista.deeds', does)) as T) : does();
}
