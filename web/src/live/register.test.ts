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
  vi.stubGlobal('fetch', () => Promise.resolve({ status: 200, json: () => Promise.resolve({ data: { registerHead: `head${heads++}` } }) }));
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

test('where no socket can be had, what followed the cursor is asked for, and it is said that it is so', async () => {
  const asked: unknown[] = [];
  vi.stubGlobal('fetch', (_: string, { body }: { body: string }) => {
    const { variables } = JSON.parse(body) as { variables: { after?: string } };
    asked.push(variables.after);
    const events = { nodes: variables.after === 'c1' ? [] : [{ __typename: 'OfficeChanged', cursor: 'c1' }], pageInfo: { hasNextPage: variables.after !== 'c1' } };
    return Promise.resolve({ status: 200, json: () => Promise.resolve({ data: { registerHead: 'head0', events } }) });
  });
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
  const register = new Register((on) => createApiClient(on, {
    url: 'ws://test', webSocketImpl: refusing, retryWait: () => new Promise((done) => setTimeout(done, 1)), keepAlive: 0,
  }));
  const events: string[] = [];
  register.listen({ happened: (e) => events.push(e.cursor), reset: () => undefined });
  const end = new AbortController();
  void register.follow(end.signal);
  await vi.waitFor(() => expect(register.liveness.state).toBe('asking'));
  await vi.waitFor(() => expect(asked).toEqual([undefined, 'head0', 'c1']));
  expect(events).toEqual(['c1']);
  await new Promise((done) => setTimeout(done, 50)); // sockets go on being refused
  expect(register.liveness.state).toBe('asking');
  end.abort();
});
