// The register of events, followed without a gap: every view of the client is
// kept true by what comes from here, and by nothing else.
//
// The end of the register is taken before anything is read, and listening begins
// there; so what happens while a view is read is heard afterwards. After a lost
// connection it goes on from the last cursor. When that is not possible, or was too
// long ago to be worth it, everybody is told to read again. Where no socket can be had,
// as behind some proxies, a stream tells the same; where none comes through either, the
// register is asked every half minute for what followed.

import type { Client } from 'graphql-ws';
import { ask, nameOf, Refused, textOf } from '../api/ask';
import { pause, waitBefore } from '../api/socket';
import { EventsAfterDocument, EventsDocument, RegisterHeadDocument, type EventsSubscription } from '../generated/graphql';

/** Something that happened, as the register tells it. */
export type Happening = EventsSubscription['events'];

/** How true what is shown is. */
export interface Liveness {
  /** `asking`: what happens is heard, up to half a minute later. */
  state: 'live' | 'asking' | 'returning' | 'lost';
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
/** Milliseconds between two questions where no socket can be had. */
export const askEvery = 30_000;
/** How many events one question tells. */
const atOnce = 20;
/** How many rounds of questions go by before a stream is tried again where none was ever had. */
const streamEvery = 10;

export class Register {
  #listeners = new Set<Listener>();
  #watchers = new Set<() => void>();
  #liveness: Liveness = { state: 'returning', heardAt: new Date() };
  #failures = 0;
  #wasHeard = false;
  #asking: AbortController | null = null;
  #ask: () => void = () => undefined;

  /**
   * `connect` makes the client of subscriptions, given what to call as its connection comes and goes;
   * `again` resolves when somebody whose session had ended is signed in again.
   */
  constructor(
    private readonly connect: (on: { connected(): void; message(): void; closed(): void }) => Client,
    private readonly again?: () => Promise<void>,
  ) {}

  get liveness(): Liveness {
    return this.#liveness;
  }

  /** Says when the server was last heard, by an earlier page of this device. */
  heardLast(at: Date): void {
    if (!this.#wasHeard) {
      this.#be(this.#liveness.state, at);
    }
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
        this.#asking?.abort();
        this.#asking = null;
      },
      message: () => this.#heard(),
      closed: () => this.#missed(),
    });
    const wake = new Wake(() => this.#liveness.heardAt.getTime(), () => client.terminate());
    signal.addEventListener('abort', () => {
      wake.stop();
      this.#asking?.abort();
      Promise.resolve(client.dispose()).catch(() => undefined); // it may be in the middle of connecting
    });
    let refusals = 0;
    for (let first = true; !signal.aborted; first = false) {
      const head = await this.#head(signal);
      if (head === undefined) {
        return;
      }
      if (!first || head.late) {
        this.#listeners.forEach((l) => l.reset());
      }
      const end = await this.#hear(client, head.cursor, signal);
      this.#asking?.abort();
      this.#asking = null;
      this.#ask = () => undefined;
      if (end === 'final') {
        if (!this.again || signal.aborted) {
          return;
        }
        this.#missed();
        await this.again();
      }
      refusals = end === 'refused' ? refusals + 1 : 0;
      if (refusals > 0) { // the same may be refused again: not at once
        this.#missed();
        await pause(waitBefore(refusals));
      }
    }
  }

  /** Where the register ends now, and whether that took more than one try; nothing when `signal` ended the asking. */
  async #head(signal: AbortSignal): Promise<{ cursor: string; late: boolean } | undefined> {
    for (let tries = 0; !signal.aborted; tries++) {
      try {
        const { registerHead } = await ask(RegisterHeadDocument, {}, signal);
        this.#heard();
        return { cursor: registerHead, late: tries > 0 };
      } catch {
        this.#missed();
        await pause(waitBefore(tries));
      }
    }
    return undefined;
  }

  /** Hears what follows a cursor, for as long as that is possible. */
  async #hear(client: Client, after: string, signal: AbortSignal): Promise<End> {
    const variables = { after }; // sent anew with each connection
    const asked = await this.#question().catch(() => null);
    if (!asked) {
      return 'refused'; // for now
    }
    return new Promise((done) => {
      const stop = client.subscribe<EventsSubscription>(
        { query: '', ...asked, variables },
        {
          next: ({ data }) => data && this.#happened(variables, data.events),
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
      this.#ask = () => void this.#makeDo(variables, this.#giveUp);
    });
  }

  /** The live question, by its name or in full. */
  async #question(): Promise<{ extensions: Record<string, unknown> } | { query: string }> {
    const name = this.#inFull ? undefined : nameOf(EventsDocument);
    return name ? { extensions: name } : { query: await textOf(EventsDocument) };
  }

  #happened(place: Place, event: Happening): void {
    place.after = event.cursor;
    this.#listeners.forEach((l) => l.happened(event));
  }

  /** Hears what followed a place by other ways, until a socket is had: by a stream, or else by asking again and again. */
  async #makeDo(place: Place, giveUp: () => void): Promise<void> {
    const { signal } = (this.#asking = new AbortController());
    let streamed = false; // ever
    for (let round = 0, missed = 0; !signal.aborted; round++) {
      try {
        const wait = streamed || round % streamEvery === 0 ? await this.#stream(place, signal) : undefined;
        if (signal.aborted) {
          return;
        }
        if (wait !== undefined) {
          [streamed, missed] = [true, 0];
          this.#be('returning');
          await pause(wait);
          continue;
        }
        await this.#askOn(place, signal);
      } catch (failure) {
        if (signal.aborted) {
          return;
        }
        if (failure instanceof Refused && failure.code === 'CURSOR_UNKNOWN') {
          giveUp();
          return;
        }
        this.#be('lost');
      }
      await pause(streamed ? waitBefore(missed++) : askEvery);
    }
  }

  /** Hears a stream from a place on; gives how long to wait before the next one, or nothing when none was had. */
  async #stream(place: Place, signal: AbortSignal): Promise<number | undefined> {
    try {
      const [{ hear }, asked] = await Promise.all([import('../api/stream'), this.#question()]);
      return await hear<EventsSubscription>({ ...asked, variables: place }, {
        heard: () => this.#heard(),
        next: ({ events }) => signal.aborted || this.#happened(place, events),
      }, signal);
    } catch (failure) {
      const code = failure instanceof Refused ? failure.code : '';
      this.#inFull ||= code === 'OPERATION_UNKNOWN'; // a server of another version
      if (code === 'CURSOR_UNKNOWN') {
        throw failure;
      }
      return undefined; // the questions find out what is the matter
    }
  }

  /** Asks for all that followed a place. */
  async #askOn(place: Place, signal: AbortSignal): Promise<void> {
    for (let more = true; more && !signal.aborted;) {
      const { events } = await ask(EventsAfterDocument, { after: place.after, first: atOnce }, signal);
      events.nodes.forEach((event) => this.#happened(place, event));
      this.#heard('asking');
      more = events.pageInfo.hasNextPage;
    }
  }

  #inFull = nameOf(EventsDocument) === undefined;
  #giveUp: () => void = () => undefined;

  #heard(state: 'live' | 'asking' = 'live'): void {
    const now = new Date();
    this.#wasHeard = true;
    const wasAway = now.getTime() - this.#liveness.heardAt.getTime() > tooLong;
    this.#be(state, now);
    if (wasAway) {
      this.#giveUp();
    }
  }

  #missed(): void {
    this.#failures++;
    if (this.#asking) {
      return; // the answers of the questions tell how true things are
    }
    this.#be(this.#failures > passing ? 'lost' : 'returning');
    if (this.#failures > passing) {
      this.#ask();
    }
  }

  #be(state: Liveness['state'], heardAt = this.#liveness.heardAt): void {
    const changed = state !== this.#liveness.state || !this.#wasHeard;
    this.#liveness = { state, heardAt };
    if (changed) {
      this.#watchers.forEach((w) => w());
    }
  }
}

/** Up to where everything was heard. */
interface Place {
  after: string;
}

/** How listening ended: it makes no sense to go on; begin anew; or it was refused, for now. */
type End = 'final' | 'anew' | 'refused';

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

  /** `heardAt` says when the server was last heard. */
  constructor(
    private readonly heardAt: () => number,
    private readonly woke: () => void,
  ) {
    this.#timer = setInterval(() => {
      const now = Date.now();
      if (now - this.#tick > silence && document.visibilityState === 'visible') { // of a page that nobody sees, timers are late
        this.woke();
      }
      this.#tick = now;
    }, 5_000);
    addEventListener('online', this.woke);
    document.addEventListener('visibilitychange', this.#look);
  }

  #look = (): void => {
    if (document.visibilityState === 'visible' && Date.now() - this.heardAt() > silence) {
      this.woke();
    }
  };

  stop(): void {
    clearInterval(this.#timer);
    removeEventListener('online', this.woke);
    document.removeEventListener('visibilitychange', this.#look);
  }
}

/** Milliseconds without a word, not even a pong, after which a connection is not believed in. */
const silence = 30_000;
