// A draft being written: saved soon after the last key, one saving after the other,
// and never over what somebody else has written meanwhile.

import type { AddressInput, ReceiptType } from '../generated/graphql';
import type { Kept, Place } from './kept';

/** What a draft says. */
export interface Said {
  mailboxId: string;
  to: AddressInput[];
  cc: AddressInput[];
  subject: string;
  html: string;
  receiptType: ReceiptType;
  concludes: boolean;
}

/** What the server has. */
export interface Saved {
  version: number;
  said: Said;
  by: string;
  at: string;
}

/** What became of a saving. */
export type Outcome =
  | { kind: 'saved'; version: number; at: string }
  | { kind: 'stale'; message: string }
  | { kind: 'refused'; message: string };

/** How a draft reaches the server; both throw when it does not answer. */
export interface Server {
  save(version: number, said: Said): Promise<Outcome>;
  read(): Promise<Saved | null>;
}

export type State =
  | { kind: 'saved'; at: string }
  | { kind: 'typing' }
  | { kind: 'saving' }
  /** The server does not answer: it is kept here, and tried again. */
  | { kind: 'lost' }
  | { kind: 'refused'; message: string }
  /** Somebody else, or another window, changed the draft meanwhile. */
  | { kind: 'conflict'; message: string; theirs: Saved };

/** Milliseconds: from the last key to a saving, to keeping it here, and between tries. */
export interface Pace {
  save: number;
  keep: number;
  again: number;
}

const usual: Pace = { save: 900, keep: 250, again: 5_000 };

export class Draft {
  #state: State;
  #base: Said;
  #version: number;
  #fields: Omit<Said, 'html'>;
  #html: () => string;
  #changes = 0; // counts what was typed; what is saved is what it was at a number
  #savedUpTo = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #keeping: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> | undefined;
  #watchers = new Set<() => void>();
  #stopped = false;

  constructor(
    first: Saved,
    private readonly server: Server,
    private readonly place: Place,
    /** Whether two texts say the same, however they are written. */
    private readonly same: (a: string, b: string) => boolean,
    private readonly pace: Pace = usual,
  ) {
    const { html, ...fields } = first.said;
    this.#base = first.said;
    this.#version = first.version;
    this.#fields = fields;
    this.#html = () => html;
    this.#state = { kind: 'saved', at: first.at };
  }

  get state(): State {
    return this.#state;
  }

  get version(): number {
    return this.#version;
  }

  get fields(): Omit<Said, 'html'> {
    return this.#fields;
  }

  /** Whether something is not on the server yet. */
  get unsaved(): boolean {
    return this.#changes !== this.#savedUpTo;
  }

  watch = (changed: () => void): (() => void) => {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  };

  /** Says where the text is read from when it is needed. */
  writeFrom(html: () => string): void {
    this.#html = html;
  }

  /** Something was typed or chosen. */
  change(fields: Partial<Omit<Said, 'html'>> = {}): void {
    this.#fields = { ...this.#fields, ...fields };
    this.#changes++;
    if (this.#state.kind !== 'conflict') {
      this.#become({ kind: this.#saving ? 'saving' : 'typing' });
      this.#plan(this.pace.save);
    }
    if (Object.keys(fields).length > 0) {
      this.#watchers.forEach((w) => w());
    }
    this.#keeping ??= setTimeout(() => void this.keep(), this.pace.keep);
  }

  /** Keeps here what is not on the server yet. */
  async keep(): Promise<void> {
    clearTimeout(this.#keeping);
    this.#keeping = undefined;
    if (this.unsaved) {
      await this.place.put({ said: this.#said(), base: this.#base, at: new Date().toISOString() });
    }
  }

  /** Saves what is not saved yet; whether all of it is on the server now. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    while (this.unsaved && this.#state.kind !== 'conflict') {
      await this.#save();
      if (this.#state.kind === 'lost' || this.#state.kind === 'refused') {
        return false;
      }
    }
    await this.#saving;
    return !this.unsaved && this.#state.kind !== 'conflict';
  }

  /**
   * Takes up what was typed before a reload. Nothing is asked when the draft is
   * still what it was then; else it is a conflict as any other.
   */
  restore(kept: Kept, now: Saved): void {
    const { html, ...fields } = kept.said;
    this.#fields = fields;
    this.#html = () => html;
    this.#changes++;
    if (this.#isSame(kept.base, now.said)) {
      this.#plan(this.pace.save);
      this.#become({ kind: 'typing' });
    } else {
      this.#become({ kind: 'conflict', message: '', theirs: now });
    }
  }

  /** Whether the server has just this. */
  has(said: Said): boolean {
    return this.#isSame(said, this.#base);
  }

  /** Whether the same is said in both. */
  #isSame(a: Said, b: Said): boolean {
    const rest = ({ html: _, ...others }: Said): string => JSON.stringify([
      others.mailboxId, others.subject, others.receiptType, others.concludes, [others.to, others.cc].map((l) => l.map((x) => [x.name ?? '', x.address])),
    ]);
    return rest(a) === rest(b) && this.same(a.html, b.html);
  }

  /** A file of ours came or went: the version grew, and what it says did not change. */
  grew(version: number): void {
    if (version === this.#version + 1) {
      this.#version = version;
    }
  }

  /** Somebody changed the draft. Nothing was typed here: theirs is what it says now. */
  takeUp(theirs: Saved): void {
    const { html, ...fields } = theirs.said;
    this.#base = theirs.said;
    this.#version = theirs.version;
    this.#fields = fields;
    this.#html = () => html;
    this.#savedUpTo = this.#changes;
    void this.place.clear();
    this.#become({ kind: 'saved', at: theirs.at });
  }

  /** Ends a conflict by keeping what was typed here; the other one stays among the versions. */
  keepMine(): void {
    if (this.#state.kind === 'conflict') {
      const { theirs } = this.#state;
      this.#base = theirs.said;
      this.#version = theirs.version;
      this.#become({ kind: 'typing' });
      this.#plan(0);
    }
  }

  /** Tries no longer; what is not saved is kept here. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    void this.keep();
  }

  #said(): Said {
    return { ...this.#fields, html: this.#html() };
  }

  #plan(after: number): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) {
      this.#timer = setTimeout(() => void this.#save(), after);
    }
  }

  #become(state: State): void {
    const before = this.#state.kind;
    this.#state = state;
    if (before !== state.kind || state.kind === 'saved') { // keys that follow each other change nothing that is shown
      this.#watchers.forEach((w) => w());
    }
  }

  /** Saves once; a second call while the first goes on waits for the first. */
  #save(): Promise<void> {
    this.#saving ??= this.#saveNow().finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }

  async #saveNow(): Promise<void> {
    const at = this.#changes;
    const said = this.#said();
    this.#become({ kind: 'saving' });
    try {
      const outcome = await this.server.save(this.#version, said);
      switch (outcome.kind) {
        case 'saved':
          this.#version = outcome.version;
          this.#base = said;
          this.#savedUpTo = at;
          if (this.unsaved) {
            this.#become({ kind: 'typing' });
            this.#plan(this.pace.save);
          } else {
            clearTimeout(this.#keeping);
            this.#keeping = undefined;
            await this.place.clear();
            this.#become({ kind: 'saved', at: outcome.at });
          }
          return;
        case 'stale':
          await this.#meet(outcome.message);
          return;
        case 'refused':
          this.#become({ kind: 'refused', message: outcome.message });
          await this.keep();
      }
    } catch {
      this.#become({ kind: 'lost' });
      await this.keep();
      this.#plan(this.pace.again);
    }
  }

  /** The version is another one: because of a file it may be, else somebody wrote. */
  async #meet(message: string): Promise<void> {
    const theirs = await this.server.read();
    if (theirs === null) {
      this.#become({ kind: 'refused', message });
    } else if (this.#isSame(theirs.said, this.#base)) {
      this.#version = theirs.version;
      this.#become({ kind: 'typing' });
      this.#plan(0);
    } else {
      await this.keep();
      this.#become({ kind: 'conflict', message, theirs });
    }
  }
}
