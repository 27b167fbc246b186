import { expect, test } from 'vitest';
import { asking, firstOf } from './fetched';

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
