import { expect, test } from 'vitest';
import { lagTone, readLines, scarce, soonest, untilTone } from './health';

test('each check is told with its name', () => {
  expect(readLines('database: ok\nredis: failed, see the log\n')).toEqual([{ name: 'database', ok: true }, { name: 'redis', ok: false }]);
  expect(readLines('Service Unavailable\n')).toEqual([]);
});

test('a mailbox is late after a quarter of an hour, and wrong after one', () => {
  expect([0, 14, 15, 59, 60].map(lagTone)).toEqual(['good', 'good', 'warn', 'warn', 'bad']);
});

test('a certificate is told of in good time, and the first to end stands first', () => {
  const now = new Date('2026-11-26T12:00:00Z');
  expect(['2026-11-20T00:00:00Z', '2026-12-01T00:00:00Z', '2026-12-20T00:00:00Z', '2027-12-20T00:00:00Z'].map((u) => untilTone(u, now))).toEqual(['bad', 'bad', 'warn', 'good']);
  const [a, b, c] = [{ until: '2027-01-01', trouble: '' }, { until: '2026-12-01', trouble: '' }, { until: null, trouble: 'x' }];
  expect(soonest([a, b, c])).toEqual([c, b, a]);
});

test('a disk is scarce by its size', () => {
  expect(scarce({ free: '4000000000', total: '100000000000' })).toBe(true);
  expect(scarce({ free: '6000000000', total: '100000000000' })).toBe(false);
  expect(scarce({ free: '2000000000', total: '10000000000' })).toBe(false);
  expect(scarce({ free: '900000000', total: '10000000000' })).toBe(true);
});
