import { afterEach, expect, test, vi } from 'vitest';
import { createApiClient } from './api';
import type { Arrival } from './arrivals';
import { follow } from './feed';

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

function happened(cursor: string, id: string) {
  return { type: 'next', payload: { data: { events: { cursor, message: { id } } } } };
}

/** Follows a scripted server until the board and arrivals satisfy `enough`. */
async function run(scripts: Script[], enough: (heard: Said[], boards: number) => boolean) {
  let boards = 0;
  const heard: Said[] = [];
  const arrivals: string[] = [];
  const refusals: string[] = [];
  vi.stubGlobal('fetch', () => Promise.resolve({
    json: () => Promise.resolve({ data: { registerHead: `head${boards}`, messages: { nodes: [] as Arrival[] } } }),
  }));
  const client = createApiClient({}, {
    url: 'ws://test', webSocketImpl: serverWith(scripts, heard), retryWait: () => Promise.resolve(), keepAlive: 0,
  });
  void follow(client, {
    onBoard: () => boards++,
    onArrival: (a) => arrivals.push(a.id),
    onSignedOut: () => refusals.push('signed out'),
    onRefused: (reason) => refusals.push(reason),
  });
  await vi.waitFor(() => expect(enough(heard, boards)).toBe(true));
  const asked = heard.filter((m) => m.type === 'subscribe').map((m) => m.payload?.variables?.after);
  return { arrivals, refusals, asked, boards };
}

afterEach(() => vi.unstubAllGlobals());

const subscriptions = (heard: Said[]) => heard.filter((m) => m.type === 'subscribe').length;

test('a lost connection goes on after the last cursor that was seen', async () => {
  const got = await run(
    [{ events: [happened('c1', 'a'), happened('c2', 'b')], close: 1012 }, { events: [], close: 1006 }, { events: [happened('c3', 'c')] }],
    (heard) => subscriptions(heard) === 3,
  );
  expect(got.asked).toEqual(['head0', 'c2', 'c2']);
  expect(got.arrivals.slice(0, 2)).toEqual(['a', 'b']);
  expect(got.boards).toBe(1);
});

test('a cursor that the server does not know makes everything be read again', async () => {
  const unknown = { type: 'error', payload: [{ message: 'unknown', extensions: { code: 'CURSOR_UNKNOWN' } }] };
  const got = await run([{ events: [unknown] }, { events: [happened('c1', 'a')] }], (heard) => subscriptions(heard) === 2);
  expect(got.asked).toEqual(['head0', 'head1']);
  expect(got.boards).toBe(2);
  expect(got.refusals).toEqual([]);
});

test('a refusal is said and not tried again', async () => {
  const refused = { type: 'error', payload: [{ message: 'not yours' }] };
  const got = await run([{ events: [refused] }], (heard) => subscriptions(heard) === 1);
  await vi.waitFor(() => expect(got.refusals).toEqual(['not yours']));
  expect(got.boards).toBe(1);
});
