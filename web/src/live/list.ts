// A list of cases that lives: read in pages, kept true by the register, and never
// moving under the person who reads it. What comes new while somebody is in the
// middle of it waits behind a pill that counts it.

import type { CaseFilter, CaseOrder } from '../generated/graphql';
import { bringsOthers, compare, judge } from './judge';
import type { Happening, Listener } from './register';
import type { Row, Rows } from './rows';

export interface Question {
  filter: CaseFilter;
  order: CaseOrder;
}

export interface Page {
  rows: Row[];
  next: string | null; // cursor of what follows; null at the end
}

export interface Source {
  /** Reads a page; throws when it cannot. */
  read(question: Question, after: string | null, signal: AbortSignal): Promise<Page>;
  /** What this device keeps of the answer, for when it does not come. */
  kept?(question: Question): Promise<Row[]>;
}

/** What is shown of a list. A new object whenever anything of it changes. */
export interface Shown {
  ids: readonly string[];
  /** New ones that wait for the person to ask for them. */
  waiting: readonly string[];
  /** Whether there are more to read. */
  more: boolean;
  reading: boolean;
  /** Why the last reading failed; what is shown is from before. */
  failure: unknown;
}

/** How many rows are read again at most, for who is far down in a list. */
const mostAgain = 1_000;
/** Milliseconds in which several reasons to read again become one. */
const gather = 250;
/** Milliseconds after which what is kept is shown until the answer comes. */
const patience = 1_500;

export class LiveList implements Listener {
  #shown: Shown = { ids: [], waiting: [], more: false, reading: true, failure: null };
  #watchers = new Set<() => void>();
  #next: string | null = null;
  #holding = false;
  #kept: string | null = null; // stays in its place, whatever becomes of it
  #dropped = new Set<string>(); // taken out ahead of the server, which may not know yet
  #abort = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly rows: Rows,
    private readonly source: Source,
    readonly question: Question,
  ) {}

  get shown(): Shown {
    return this.#shown;
  }

  watch = (changed: () => void): (() => void) => {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  };

  /** Reads from the start, also what was taken out; what was shown stays until there is something newer. */
  async read(): Promise<void> {
    this.#dropped.clear();
    await this.#read();
  }

  async #read(): Promise<void> {
    this.#abort.abort();
    clearTimeout(this.#timer);
    const { signal } = (this.#abort = new AbortController());
    this.#show({ reading: true });
    const early = setTimeout(() => void this.#showKept(signal), patience);
    try {
      const ids: string[] = [];
      let after: string | null = null;
      do { // as much as was there before: who is far down stays there
        const page: Page = await this.source.read(this.question, after, signal);
        signal.throwIfAborted();
        ids.push(...page.rows.map((r) => this.rows.put(r).id).filter((id) => !this.#dropped.has(id)));
        after = page.next;
      } while (after !== null && ids.length < Math.min(this.#shown.ids.length, mostAgain));
      this.#next = after;
      this.#show({ ids: this.#keeping(ids), waiting: [], more: after !== null, reading: false, failure: null });
    } catch (failure) {
      if (!signal.aborted) {
        this.#show({ reading: false, failure });
        await this.#showKept(signal);
      }
    } finally {
      clearTimeout(early);
    }
  }

  /** Shows what this device keeps, where nothing is shown. */
  async #showKept(signal: AbortSignal): Promise<void> {
    if (this.#shown.ids.length > 0) {
      return;
    }
    const rows = (await this.source.kept?.(this.question)) ?? [];
    if (!signal.aborted && this.#shown.ids.length === 0) {
      this.#show({ ids: rows.map((r) => this.rows.put(r)).filter((r) => judge(r, this.question.filter) === 'in').sort(compare(this.question.order)).map((r) => r.id) });
    }
  }

  /** Reads what follows. */
  async readMore(): Promise<void> {
    if (this.#next === null || this.#shown.reading) {
      return;
    }
    const { signal } = this.#abort;
    this.#show({ reading: true });
    try {
      const page = await this.source.read(this.question, this.#next, signal);
      signal.throwIfAborted();
      const known = new Set([...this.#shown.ids, ...this.#shown.waiting]);
      const ids = page.rows.map((r) => this.rows.put(r).id).filter((id) => !known.has(id) && !this.#dropped.has(id));
      this.#next = page.next;
      this.#show({ ids: [...this.#shown.ids, ...ids], more: page.next !== null, reading: false, failure: null });
    } catch (failure) {
      if (!signal.aborted) {
        this.#show({ reading: false, failure });
      }
    }
  }

  /** Says whether new ones wait: while somebody points at a row, has selected some, or is not at the start. */
  hold(holding: boolean): void {
    this.#holding = holding;
  }

  /** Says which one is being read: it keeps its place until another one is. */
  keep(id: string | null): void {
    const before = this.#kept;
    this.#kept = id;
    const row = before === null || before === id ? undefined : this.rows.get(before);
    if (row && judge(row, this.question.filter) === 'out') {
      this.#remove(row.id);
    }
  }

  /** Lets those in that wait. */
  admit(): void {
    const { waiting, ids } = this.#shown;
    if (waiting.length > 0) {
      this.#show({ ids: waiting.reduce((all, id) => this.#inserted(all, id), ids), waiting: [] });
    }
  }

  /** Takes rows out at once: what was done to them here takes them out of the list. */
  drop(ids: readonly string[]): void {
    ids.forEach((id) => {
      this.#dropped.add(id);
      this.#remove(id);
    });
  }

  /** Puts rows in again that were taken out, where they belong. */
  putBack(ids: readonly string[]): void {
    ids.forEach((id) => this.#dropped.delete(id));
    this.#show({ ids: ids.reduce((all, id) => this.#inserted(all, id), this.#shown.ids) });
  }

  reset(): void {
    void this.read();
  }

  happened(event: Happening): void {
    if (!('case' in event)) {
      return;
    }
    if (event.case === null) {
      this.#readSoon(); // something that was to be seen may not be any longer
      return;
    }
    if (!('status' in event.case)) {
      return;
    }
    const looks = event.__typename === 'CaseChanged' && event.kind === 'CASE_LOOKED_AT';
    const row = this.rows.put(looks ? { ...event.case, lookers: event.people } : event.case);
    this.#place(row);
    if (bringsOthers(row, this.question.filter)) {
      this.#readSoon();
    }
  }

  /** Ends all that goes on. */
  stop(): void {
    this.#abort.abort();
    clearTimeout(this.#timer);
  }

  #place(row: Row): void {
    const { ids, waiting } = this.#shown;
    const there = ids.includes(row.id);
    switch (judge(row, this.question.filter)) {
      case 'out':
        this.#dropped.delete(row.id);
        if (row.id !== this.#kept) {
          this.#remove(row.id);
        }
        return;
      case 'unknown':
        if (!there) {
          this.#readSoon();
        }
        return;
      case 'in':
        if (there || waiting.includes(row.id) || this.#dropped.has(row.id) || !this.#isWithin(row)) {
          return; // changes of a row that is shown are shown where it stands
        }
        if (this.#holding) {
          this.#show({ waiting: [...waiting, row.id] });
        } else {
          this.#show({ ids: this.#inserted(ids, row.id) });
        }
    }
  }

  /** Whether a row belongs to what was read, and not to the pages that were not. */
  #isWithin(row: Row): boolean {
    const last = this.#shown.ids.at(-1);
    const end = last === undefined ? undefined : this.rows.get(last);
    return this.#next === null || !end || compare(this.question.order)(row, end) <= 0;
  }

  #inserted(ids: readonly string[], id: string): readonly string[] {
    const row = this.rows.get(id);
    if (!row || ids.includes(id)) {
      return ids;
    }
    const before = compare(this.question.order);
    const at = ids.findIndex((other) => {
      const there = this.rows.get(other);
      return there !== undefined && before(row, there) < 0;
    });
    return at < 0 ? [...ids, id] : [...ids.slice(0, at), id, ...ids.slice(at)];
  }

  /** The ids of a new reading, with the one that is being read where it was. */
  #keeping(ids: string[]): readonly string[] {
    const kept = this.#kept;
    const at = kept === null ? -1 : this.#shown.ids.indexOf(kept);
    if (kept === null || at < 0 || ids.includes(kept)) {
      return ids;
    }
    return [...ids.slice(0, at), kept, ...ids.slice(at)];
  }

  #remove(id: string): void {
    const { ids, waiting } = this.#shown;
    if (ids.includes(id) || waiting.includes(id)) {
      this.#show({ ids: ids.filter((i) => i !== id), waiting: waiting.filter((i) => i !== id) });
    }
  }

  #readSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#read(), gather);
  }

  #show(change: Partial<Shown>): void {
    this.#shown = { ...this.#shown, ...change };
    this.#watchers.forEach((changed) => changed());
  }
}
