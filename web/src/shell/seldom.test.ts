import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useSeldom } from './seldom';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What is announced while texts follow one another, with the second in which it is. */
function hear() {
  const began = Date.now();
  const heard: string[] = [];
  const { rerender } = renderHook(({ text }) => {
    const told = useSeldom(text);
    if (told !== '' && !heard.at(-1)?.endsWith(` ${told}`)) {
      heard.push(`${Math.round((Date.now() - began) / 1000)} s: ${told}`);
    }
  }, { initialProps: { text: '' } });
  const pass = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += 20) { // React draws between them
      act(() => vi.advanceTimersByTime(20));
    }
  };
  return { heard, say: (text: string) => rerender({ text }), pass };
}

test('fifty events in a second are one announcement, and one more ten seconds later', () => {
  const { heard, say, pass } = hear();
  for (let n = 1; n <= 50; n++) {
    say(`${n} new`);
    pass(20);
  }
  expect(heard).toEqual(['0 s: 1 new']);
  pass(30_000);
  expect(heard).toEqual(['0 s: 1 new', '10 s: 50 new']);
});

test('what was let in and comes again does not begin anew before its time', () => {
  const { heard, say, pass } = hear();
  say('1 new');
  pass(1_000);
  say('');
  pass(1_000);
  say('2 new');
  pass(1_000);
  expect(heard).toEqual(['0 s: 1 new']);
  pass(8_000);
  expect(heard).toEqual(['0 s: 1 new', '10 s: 2 new']);
});
