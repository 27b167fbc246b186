import { expect, test } from 'vitest';
import { momentOf, readAmount, weeksOf, writeAmount } from './amount';

test('amounts are read and written as the server has them', () => {
  for (const text of ['30 working days', '1 working day', '8 working hours', '30 days', '1 day']) {
    expect(writeAmount(readAmount(text)!)).toBe(text);
  }
  for (const text of ['', 'two weeks', '8 hours', '-1 days', '3 working']) {
    expect(readAmount(text)).toBeNull();
  }
});

test('a time is that of Rome, also on the days when the clock changes', () => {
  expect(momentOf('2026-11-22', '09:30').toISOString()).toBe('2026-11-22T08:30:00.000Z');
  expect(momentOf('2026-07-01', '09:30').toISOString()).toBe('2026-07-01T07:30:00.000Z');
  expect(momentOf('2026-03-29', '09:30').toISOString()).toBe('2026-03-29T07:30:00.000Z');
  expect(momentOf('2026-10-25', '09:30').toISOString()).toBe('2026-10-25T08:30:00.000Z');
});

test('a month stands in weeks from Monday', () => {
  const october = weeksOf(2026, 9);
  expect(october[0]).toEqual([null, null, null, 1, 2, 3, 4]);
  expect(october.at(-1)).toEqual([26, 27, 28, 29, 30, 31, null]);
  expect(weeksOf(2027, 1)).toHaveLength(4);
});
