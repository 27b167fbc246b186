import { afterEach, expect, test, vi } from 'vitest';
import { createApiClient } from '../api/socket';
import { Register } from './register';

interface Said {
  id?: string;
  type: string;
  payload?: { variables?: { after?: string } };
}

// A server that plays one script per connection: what it says after subscribe,
// and then the code it closes with (none: it stays).
interface Script {
  events: unknown[];
  close?: number;
}

function serverWith(scripts: Script[], heard: Said[]) {
  return class FakeSocket {
    static readonly OPEN = 1;
    static readonly CLOSED = 3;
    static readonly CONNECTING = 0;
    static readonly CLOSING = 2;
    readyState = 0;
    onopen?: () => void;
    onmessage?: (event: { data: string }) => void;
    onclose?: (event: { code: number; reason: string; wasClean: boolean }) => void;
    onerror?: () => void;

    constructor() {
      queueMicrotask(() => {
        this.readyState = 1;
        this.onopen?.();
      });
    }

    send(text: string) {
      const said = JSON.parse(text) as Said;
      heard.push(said);
      if (said.type === 'connection_init') {
        this.say({ type: 'connection_ack' });
      } else if (said.type === 'subscribe') {
        const script = scripts.shift() ?? { events: [] };
        for (const event of script.events) {
          this.say({ id: said.id, ...(event as object) });
        }
        if (script.close) {
          queueMicrotask(() => this.close(script.close));
        }
      }
    }

    say(message: unknown) {
      queueMicrotask(() => this.onmessage?.({ data: JSON.stringify(message) }));
    }

    close(code = 1000) {
      if (this.readyState !== 3) {
        this.readyState = 3;
        this.onclose?.({ code, reason: '', wasClean: true });
      }
    }
  };
}

function happened(cursor: string) {
  return { type: 'next', payload: { data: { events: { __typename: 'OfficeChanged', cursor } } } };
}

function refused(code: string) {
  return { type: 'error', payload: [{ message: 'no', extensions: { code } }] };
}

/** Follows a scripted server until what was heard of the client satisfies `enough`. */
async function run(scripts: Script[], enough: (subscriptions: number, resets: number) => boolean) {
  let heads = 0;
  let resets = 0;
  let ended = false;
  const heard: Said[] = [];
  const events: string[] = [];
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ data: { registerHead: `head${heads++}` } })));
  const register = new Register((on) => createApiClient(on, {
    url: 'ws://test', webSocketImpl: serverWith(scripts, heard), retryWait: () => Promise.resolve(), keepAlive: 0,
  }));
  register.listen({ happened: (e) => events.push(e.cursor), reset: () => resets++ });
  const end = new AbortController();
  void register.follow(end.signal).then(() => (ended = true));
  const subscriptions = () => heard.filter((m) => m.type === 'subscribe');
  await vi.waitFor(() => expect(enough(subscriptions().length, resets)).toBe(true), 5_000);
  await new Promise((done) => setTimeout(done, 20)); // what comes too much would come now
  const result = { events, resets, ended, asked: subscriptions().map((m) => m.payload?.variables?.after), state: register.liveness.state };
  end.abort();
  return result;
}

afterEach(() => vi.unstubAllGlobals());

test('a lost connection goes on after the last cursor that was heard, and nobody reads again', async () => {
  const got = await run(
    [{ events: [happened('c1'), happened('c2')], close: 1012 }, { events: [], close: 1006 }, { events: [happened('c3')] }],
    (subscriptions) => subscriptions === 3,
  );
  expect(got.asked).toEqual(['head0', 'c2', 'c2']);
  expect(got.events).toEqual(['c1', 'c2', 'c3']);
  expect(got.resets).toBe(0);
  expect(got.state).toBe('live');
});

test('a cursor that the server does not know makes everybody read again, after a new end of the register', async () => {
  const got = await run([{ events: [refused('CURSOR_UNKNOWN')] }, { events: [happened('c1')] }], (subscriptions) => subscriptions === 2);
  expect(got.asked).toEqual(['head0', 'head1']);
  expect(got.resets).toBe(1);
});

test('who is signed out hears nothing more, and does not ask again', async () => {
  const got = await run([{ events: [refused('UNAUTHENTICATED')] }], (subscriptions) => subscriptions === 1);
  expect(got).toMatchObject({ ended: true, resets: 0 });
});

test('what is refused for another reason is asked again, and not at once', async () => {
  const before = Date.now();
  const got = await run([{ events: [refused('TOO_COSTLY')] }, { events: [] }], (subscriptions) => subscriptions === 2);
  expect(got.ended).toBe(false);
  expect(Date.now() - before).toBeGreaterThan(500);
});

/** Sockets that cannot be opened. */
const refusing = class {
  static readonly OPEN = 1;
  static readonly CLOSED = 3;
  static readonly CONNECTING = 0;
  static readonly CLOSING = 2;
  onclose?: (event: { code: number; reason: string; wasClean: boolean }) => void;
  constructor() {
    queueMicrotask(() => this.onclose?.({ code: 1006, reason: '', wasClean: false }));
  }
  send() {}
  close() {}
};

interface Question {
  after: string | undefined;
  wants: string;
  signal: AbortSignal;
}

/** Follows a server to which no socket can be opened, until `enough`; `answer` gives what it answers. */
async function without(answer: (question: Question) => object | Promise<object>, enough: (register: Register, events: string[]) => void, sockets: unknown = refusing) {
  const asked: string[] = [];
  const states: string[] = [];
  vi.stubGlobal('fetch', (_: string, { body, headers, signal }: { body: string; headers: { Accept: string }; signal: AbortSignal }) => {
    const { after } = (JSON.parse(body) as { variables: { after?: string } }).variables;
    const wants = headers.Accept === 'text/event-stream' ? 'stream' : 'answer';
    asked.push(`${wants} ${after ?? ''}`.trim());
    return Promise.resolve(after === undefined ? answered({ registerHead: 'head0' }) : answer({ after, wants, signal }));
  });
  const register = new Register((on) => createApiClient(on, {
    url: 'ws://test', webSocketImpl: sockets, retryWait: () => new Promise((done) => setTimeout(done, 1)), keepAlive: 0,
  }));
  const events: string[] = [];
  const resets = vi.fn();
  register.listen({ happened: (e) => events.push(e.cursor), reset: resets });
  register.watch(() => states.push(register.liveness.state));
  const end = new AbortController();
  void register.follow(end.signal);
  await vi.waitFor(() => enough(register, events), 5_000);
  await new Promise((done) => setTimeout(done, 50)); // sockets go on being refused
  const result = { asked, events, states, state: register.liveness.state, resets: resets.mock.calls.length };
  end.abort();
  return result;
}

function answered(data: object) {
  return Response.json({ data });
}

/** A stream that says some pieces, and then ends or stays. */
function streamed(pieces: string[], signal?: AbortSignal) {
  const body = new ReadableStream({
    start(to) {
      pieces.forEach((piece) => to.enqueue(new TextEncoder().encode(piece)));
      if (signal) {
        signal.addEventListener('abort', () => to.error(new Error('aborted')));
      } else {
        to.close();
      }
    },
  });
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
}

const told = (cursor: string): string => `event: next\ndata: {"data":{"events":{"__typename":"OfficeChanged","cursor":"${cursor}"}}}\n\n`;
const page = (...cursors: string[]) => answered({ events: { nodes: cursors.map((cursor) => ({ __typename: 'OfficeChanged', cursor })), pageInfo: { hasNextPage: false } } });

test('where no socket can be had, a stream tells what follows, live, and goes on where it was cut', async () => {
  const cut = told('c2');
  const got = await without(
    ({ after, wants, signal }) => {
      expect(wants).toBe('stream');
      return after === 'head0'
        ? streamed([':\n\n', told('c1') + cut.slice(0, 20), cut.slice(20) + ': Service restart\nretry: 1\n\n' + told('c3').slice(0, 30)])
        : streamed([':\n\n', told('c3')], signal);
    },
    (register, events) => expect([register.liveness.state, events]).toEqual(['live', ['c1', 'c2', 'c3']]),
  );
  expect(got.asked).toEqual(['answer', 'stream head0', 'stream c2']);
  expect(got).toMatchObject({ state: 'live', resets: 0 });
  expect(got.states).not.toContain('asking');
});

test('where neither comes through, what followed the cursor is asked for, and it is said that it is so', async () => {
  const got = await without(
    ({ after, wants }) => wants === 'stream' ? { ok: false } : after === 'head0' ? page('c1') : page(),
    (register) => expect(register.liveness.state).toBe('asking'),
  );
  expect(got.asked).toEqual(['answer', 'stream head0', 'answer head0']);
  expect(got).toMatchObject({ state: 'asking', events: ['c1'] });
});

test('a stream whose cursor is not known makes everybody read again', async () => {
  let known = false;
  const got = await without(
    ({ signal }) => {
      const answer = known ? streamed([':\n\n'], signal) : streamed([':\n\n', 'event: next\ndata: {"errors":[{"message":"no","extensions":{"code":"CURSOR_UNKNOWN"}}]}\n\nevent: complete\ndata:\n\n']);
      known = true;
      return answer;
    },
    (register) => expect([register.liveness.state, known]).toEqual(['live', true]),
  );
  expect(got.resets).toBe(1);
});

test('a socket that is had after all takes over from the stream, at its place', async () => {
  const heard: Said[] = [];
  const Good = serverWith([{ events: [happened('c2')] }], heard);
  let open = false;
  const turning = class {
    static readonly OPEN = 1;
    static readonly CLOSED = 3;
    static readonly CONNECTING = 0;
    static readonly CLOSING = 2;
    constructor() {
      return (open ? new Good() : new refusing()) as never;
    }
  };
  let ended = false;
  const got = await without(
    ({ signal }) => {
      signal.addEventListener('abort', () => (ended = true));
      setTimeout(() => (open = true), 20);
      return streamed([':\n\n', told('c1')], signal);
    },
    (_, events) => expect(events).toEqual(['c1', 'c2']),
    turning,
  );
  expect(heard.filter((m) => m.type === 'subscribe').map((m) => m.payload?.variables?.after)).toEqual(['c1']);
  expect(ended).toBe(true);
  expect(got.state).toBe('live');
});
