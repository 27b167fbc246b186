// The register of events, followed without a gap: every view of the client is
// kept true by what comes from here, and by nothing else.
//
// The end of the register is taken before anything is read, and listening begins
// there; so what happens while a view is read is heard afterwards. After a lost
// connection it goes on from the last cursor. When that is not possible, or was too
// long ago to be worth it, everybody is told to read again.

import type { Client } from 'graphql-ws';
import { ask, nameOf } from '../api/ask';
import { waitBefore } from '../api/socket';
import { EventsDocument, RegisterHeadDocument, type EventsSubscription } from '../generated/graphql';

/** Something that happened, as the register tells it. */
export type Happening = EventsSubscription['events'];

/** How true what is shown is. */
export interface Liveness {
  state: 'live' | 'returning' | 'lost';
  /** When the server was last heard. */
  heardAt: Date;
}

export interface Listener {
  /** Something happened. */
  happened(event: Happening): void;
  /** What was heard before cannot be joined to what comes: read again. */
  reset(): void;
}

/** Milliseconds of silence after which reading again is cheaper than hearing all. */
const tooLong = 10 * 60_000;
/** Failed attempts to connect after which it is no passing matter. */
const passing = 2;

export class Register {
  #listeners = new Set<Listener>();
  #watchers = new Set<() => void>();
  #liveness: Liveness = { state: 'returning', heardAt: new Date() };
  #failures = 0;

  /** `connect` makes the client of subscriptions, given what to call as its connection comes and goes. */
  constructor(private readonly connect: (on: { connected(): void; message(): void; closed(): void }) => Client) {}

  get liveness(): Liveness {
    return this.#liveness;
  }

  /** Calls whenever the liveness changes; gives back how to stop. */
  watch = (changed: () => void): (() => void) => {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  };

  /** Tells everything that happens from now on; gives back how to stop. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Follows the register until `signal`; resolves when it was refused or ended. */
  async follow(signal: AbortSignal): Promise<void> {
    const client = this.connect({
      connected: () => {
        this.#failures = 0;
      },
      message: () => this.#heard(),
      closed: () => this.#missed(),
    });
    const wake = new Wake(() => client.terminate());
    signal.addEventListener('abort', () => {
      wake.stop();
      void client.dispose();
    });
    let refusals = 0;
    for (let first = true; !signal.aborted; first = false) {
      const head = await this.#head(signal);
      if (head === undefined) {
        return;
      }
      if (!first) {
        this.#listeners.forEach((l) => l.reset());
      }
      const end = await this.#hear(client, head, signal);
      if (end === 'final') {
        return;
      }
      refusals = end === 'refused' ? refusals + 1 : 0;
      if (refusals > 0) { // the same may be refused again: not at once
        this.#missed();
        await pause(waitBefore(refusals));
      }
    }
  }

  /** Where the register ends now; nothing when `signal` ended the asking. */
  async #head(signal: AbortSignal): Promise<string | undefined> {
    for (let tries = 0; !signal.aborted; tries++) {
      try {
        const { registerHead } = await ask(RegisterHeadDocument, {}, signal);
        this.#heard();
        return registerHead;
      } catch {
        this.#missed();
        await pause(waitBefore(tries));
      }
    }
    return undefined;
  }

  /** Hears what follows a cursor, for as long as that is possible. */
  #hear(client: Client, after: string, signal: AbortSignal): Promise<End> {
    const variables = { after }; // sent anew with each connection
    return new Promise((done) => {
      const stop = client.subscribe<EventsSubscription>(
        this.#inFull ? { query: EventsDocument.toString(), variables } : { query: '', extensions: nameOf(EventsDocument)!, variables },
        {
          next: ({ data }) => {
            if (data) {
              variables.after = data.events.cursor;
              this.#listeners.forEach((l) => l.happened(data.events));
            }
          },
          error: (failure) => {
            const codes = codesOf(failure);
            this.#inFull ||= codes.includes('OPERATION_UNKNOWN'); // a server of another version
            done(isFinal(failure) ? 'final' : codes.includes('CURSOR_UNKNOWN') ? 'anew' : 'refused');
          },
          complete: () => done(signal.aborted ? 'final' : 'anew'),
        },
      );
      this.#giveUp = () => {
        stop();
        done('anew');
      };
    });
  }

  #inFull = nameOf(EventsDocument) === undefined;
  #giveUp: () => void = () => undefined;

  #heard(): void {
    const now = new Date();
    const wasAway = now.getTime() - this.#liveness.heardAt.getTime() > tooLong;
    const changed = this.#liveness.state !== 'live';
    this.#liveness = { state: 'live', heardAt: now };
    if (changed) {
      this.#watchers.forEach((w) => w());
    }
    if (wasAway) {
      this.#giveUp();
    }
  }

  #missed(): void {
    this.#failures++;
    const state = this.#failures > passing ? 'lost' : 'returning';
    if (state !== this.#liveness.state) {
      this.#liveness = { state, heardAt: this.#liveness.heardAt };
      this.#watchers.forEach((w) => w());
    }
  }
}

/** How listening ended: it makes no sense to go on; begin anew; or it was refused, for now. */
type End = 'final' | 'anew' | 'refused';

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

/** Whether an end of the subscription is one that asking again does not change. */
function isFinal(failure: unknown): boolean {
  const code = (failure as { code?: unknown } | null)?.code;
  if (code === 4401 || code === 4403) {
    return true;
  }
  return codesOf(failure).includes('UNAUTHENTICATED');
}

/** The codes of the errors that an operation ended with. */
function codesOf(failure: unknown): unknown[] {
  return Array.isArray(failure) ? (failure as { extensions?: { code?: unknown } }[]).map((e) => e.extensions?.code) : [];
}

/** Notices that the machine slept or found its network again, and does not wait for a time-out. */
class Wake {
  #tick = Date.now();
  #timer: ReturnType<typeof setInterval>;

  constructor(private readonly woke: () => void) {
    this.#timer = setInterval(() => {
      const now = Date.now();
      if (now - this.#tick > 30_000) {
        this.woke();
      }
      this.#tick = now;
    }, 5_000);
    globalThis.addEventListener?.('online', this.woke);
  }

  stop(): void {
    clearInterval(this.#timer);
    globalThis.removeEventListener?.('online', this.woke);
  }
}
