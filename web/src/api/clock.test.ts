import { expect, test } from 'vitest';
import { Clock } from './clock';

const noon = Date.parse('2026-11-26T12:00:00Z');
const at = (ms: number): string => new Date(ms).toUTCString();

test('a device that is seven minutes late counts by the server’s time, closer with each answer', () => {
  let server = noon + 300;
  const late = 7 * 60_000;
  const clock = new Clock(() => server - late);
  expect(clock.now()).toBe(server - late); // nothing was heard yet
  for (const pass of [0, 1_600, 900, 1_300]) {
    server += pass;
    const asked = server - late;
    server += 40; // the answer is on its way
    clock.heard(at(server - 20), asked);
    expect(Math.abs(clock.now() - server)).toBeLessThan(600);
  }
  expect(Math.abs(clock.now() - server)).toBeLessThan(300);
});

test('a clock that is set meanwhile is followed, and an answer without a date changes nothing', () => {
  let here = noon;
  const clock = new Clock(() => here);
  clock.heard(at(noon), here);
  expect(Math.abs(clock.now() - noon)).toBeLessThan(1_000);
  clock.heard(null, here);
  clock.heard('soon', here);
  expect(Math.abs(clock.now() - noon)).toBeLessThan(1_000);
  here = noon - 3_600_000;
  clock.heard(at(noon + 5_000), here);
  expect(Math.abs(clock.now() - (noon + 5_000))).toBeLessThan(1_000);
});
