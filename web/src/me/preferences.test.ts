import { expect, test } from 'vitest';
import { clockOf, minutesOf } from './preferences';

test('minutes of the day are read and written as times', () => {
  for (const clock of ['00:00', '07:30', '20:00', '23:59']) {
    expect(clockOf(minutesOf(clock))).toBe(clock);
  }
  expect(clockOf(24 * 60)).toBe('00:00');
  expect(minutesOf('')).toBe(0);
});
