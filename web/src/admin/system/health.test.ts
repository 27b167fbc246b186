import { expect, test } from 'vitest';
import { readLines, slowest } from './health';

test('each check is told with its name', () => {
  expect(readLines('database: ok\nredis: failed, see the log\n')).toEqual([{ name: 'database', ok: true }, { name: 'redis', ok: false }]);
  expect(readLines('Service Unavailable\n')).toEqual([]);
});

test('the slowest mailbox is the one that never answered, else the one of longest ago', () => {
  const [a, b, c] = [{ checkedAt: '2026-11-26T12:00:00Z' }, { checkedAt: '2026-11-26T11:00:00Z' }, { checkedAt: null }];
  expect(slowest([a, b])).toBe(b);
  expect(slowest([a, b, c])).toBe(c);
  expect(slowest([])).toBeUndefined();
});
