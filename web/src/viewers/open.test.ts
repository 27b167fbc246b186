import { afterEach, expect, test, vi } from 'vitest';
import { asking, firstOf, open, part } from './open';

afterEach(() => vi.unstubAllGlobals());

function stream(...chunks: string[]): { stream: ReadableStream<Uint8Array>; wasCancelled(): boolean } {
  let cancelled = false;
  const left = chunks.map((c) => new TextEncoder().encode(c));
  return {
    stream: new ReadableStream({
      pull: (to) => {
        const next = left.shift();
        if (next) {
          to.enqueue(next);
        } else {
          to.close();
        }
      },
      cancel: () => {
        cancelled = true;
      },
    }, { highWaterMark: 0 }),
    wasCancelled: () => cancelled,
  };
}

const read = async (from: ReadableStream<Uint8Array>, most: number) => {
  const { bytes, cut } = await firstOf(from, most);
  return [new TextDecoder().decode(bytes), cut];
};

test('all of a short file is read, and the beginning of a long one, whose rest is left', async () => {
  expect(await read(stream('abc', 'de').stream, 10)).toEqual(['abcde', false]);
  expect(await read(stream('abc', 'de').stream, Infinity)).toEqual(['abcde', false]);
  expect(await read(stream('abc', 'de').stream, 5)).toEqual(['abcde', false]);
  const long = stream('abc', 'defg', 'hij');
  expect(await read(long.stream, 5)).toEqual(['abcde', true]);
  expect(long.wasCancelled()).toBe(true);
});

test('nothing is read of what is not shown', async () => {
  const whole = stream('abc');
  expect(await read(whole.stream, 0)).toEqual(['', true]);
  expect(whole.wasCancelled()).toBe(true);
});

test('a further question is joined to those of a path', () => {
  expect([asking('/a', 'inline=1'), asking('/a?in=2', 'inline=1')]).toEqual(['/a?inline=1', '/a?in=2&inline=1']);
});

/** A server of one file; gives which ranges were asked for. */
function serving(type: string, bytes: Uint8Array<ArrayBuffer>): (string | null)[] {
  const asked: (string | null)[] = [];
  vi.stubGlobal('fetch', (_: string, { headers }: RequestInit) => {
    const range = new Headers(headers).get('Range');
    asked.push(range);
    const [begin = 0, end = bytes.length - 1] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '')?.slice(1).map(Number) ?? [];
    const sent = bytes.slice(begin, end + 1);
    return Promise.resolve(new Response(sent, { status: range ? 206 : 200, headers: {
      'Content-Type': type, 'Content-Disposition': 'inline', ...(range && { 'Content-Range': `bytes ${begin}-${begin + sent.length - 1}/${bytes.length}` }),
    } }));
  });
  return asked;
}

test('of a big PDF the first part is read, and others when they are needed; all else is read at once', async () => {
  const bytes = new Uint8Array(part + 1000).map((_, i) => i % 251);
  const pdf = { name: 'Elaborato.PDF', mediaType: 'application/octet-stream', size: 3_000_000, path: '/a', nestedPath: null };
  const { signal } = new AbortController();
  const asked = serving('application/pdf', bytes);
  const { content } = await open(pdf, () => undefined, signal);
  expect([content.bytes.length, content.whole?.size]).toEqual([part, bytes.length]);
  expect([...(await content.whole!.read(part - 5, part + 5, signal))]).toEqual([...bytes.slice(part - 5, part + 5)]);
  expect(asked).toEqual([`bytes=0-${part - 1}`, `bytes=${part - 5}-${part + 4}`]);

  for (const [type, file] of [['application/pdf', { ...pdf, size: 1_000_000 }], ['image/png', { ...pdf, name: 'foto.png' }], ['image/png', pdf]] as const) {
    serving(type, bytes);
    const read = (await open(file, () => undefined, signal)).content;
    expect(read.bytes.length).toBe(bytes.length);
    expect(read.whole).toBeUndefined();
  }
});
