import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Refused } from './ask';
import { hear } from './stream';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A server whose stream says what it is told to, for as long as it is wanted. */
function server(status = 200) {
  let say: (text: string) => void = () => undefined;
  let wanted: AbortSignal | undefined;
  vi.stubGlobal('fetch', (_: string, { signal }: { signal: AbortSignal }) => {
    wanted = signal;
    const body = new ReadableStream({
      start(to) {
        say = (text) => to.enqueue(new TextEncoder().encode(text));
        signal.addEventListener('abort', () => to.error(new Error('aborted')));
      },
    });
    return Promise.resolve(new Response(body, { status, headers: { 'Content-Type': 'text/event-stream' } }));
  });
  return { say: (text: string) => say(text), isWanted: () => !wanted?.aborted };
}

/** Asks, and gives what was heard and how it ends. */
function listen(signal = new AbortController().signal) {
  const heard: unknown[] = [];
  return { heard, end: hear({ query: 'q' }, { heard: () => undefined, next: (data) => heard.push(data) }, signal) };
}

const wait = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

test('an answer that is held back until it ends is no stream', async () => {
  const { isWanted } = server();
  const { end } = listen();
  await wait(9_000);
  expect(isWanted()).toBe(true);
  await wait(2_000);
  expect(await end).toBeUndefined();
  expect(isWanted()).toBe(false);
});

test('a stream that falls silent is left, and asked for again soon', async () => {
  const { say } = server();
  const { heard, end } = listen();
  await wait(0);
  for (let i = 0; i < 5; i++) {
    say(':\n\n');
    await wait(20_000);
  }
  say('event: next\ndata: {"data":1}\n\n');
  await wait(46_000);
  expect(await end).toBeLessThan(1_000);
  expect(heard).toEqual([1]);
});

test('what is refused is told, and nothing of the stream is wanted any more', async () => {
  const { say, isWanted } = server();
  const { end } = listen();
  const told = expect(end).rejects.toEqual(new Refused('no', 'UNAUTHENTICATED'));
  await wait(0);
  say('event: next\ndata: {"errors":[{"message":"no","extensions":{"code":"UNAUTHENTICATED"}}]}\n\nevent: complete\ndata:\n\n');
  await wait(0);
  await told;
  expect(isWanted()).toBe(false);
});

test('where a browser keeps six connections to a host, three tabs hold a stream, and the others have none', async () => {
  const held = new Set<string>();
  vi.stubGlobal('navigator', { locks: {
    request: async (name: string, _: object, work: (lock: object | null) => Promise<unknown>) => {
      if (held.has(name)) {
        return work(null);
      }
      held.add(name);
      return work({}).finally(() => held.delete(name));
    },
  } });
  server();
  const tabs = [1, 2, 3].map(() => new AbortController());
  const ends = tabs.map(({ signal }) => listen(signal).end);
  await wait(0);
  expect(held.size).toBe(3);
  expect(await listen().end).toBeUndefined();
  tabs.forEach((tab) => tab.abort());
  await Promise.all(ends);
  expect(held.size).toBe(0);

  vi.spyOn(performance, 'getEntriesByType').mockReturnValue([{ nextHopProtocol: 'h2' } as PerformanceNavigationTiming]);
  server(404);
  expect(await listen().end).toBeUndefined();
  expect(held.size).toBe(0);
});
