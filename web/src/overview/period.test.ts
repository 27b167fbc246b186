import { expect, test } from 'vitest';
import { questionOf, readCasesSearch } from '../cases/search';
import { listIn, listOf, periodOf } from './search';
import { slotsOf, ticksTo } from './slots';

const saidBy = (address: string) => readCasesSearch(Object.fromEntries(new URL(address, 'http://h').searchParams));

test('a period ends today, or is what the address says, within what the server counts', () => {
  expect(periodOf({}, '2026-11-26')).toEqual({ from: '2026-10-28', until: '2026-11-26', length: '30' });
  expect(periodOf({ days: '7' }, '2026-11-26')).toMatchObject({ from: '2026-11-20' });
  expect(periodOf({ from: '2026-11-10', until: '2026-11-01' }, '2026-11-26')).toEqual({ from: '2026-11-01', until: '2026-11-01' });
  expect(periodOf({ from: '2020-01-01' }, '2026-11-26')).toEqual({ from: '2025-10-23', until: '2026-11-26' });
  expect(periodOf({ until: '2026-03-30' }, '2026-11-26')).toEqual({ from: '2026-03-01', until: '2026-03-30' });
});

test('a figure leads to the filter that the contract names for it, in days of Rome', () => {
  const days = { from: '2026-10-24', until: '2026-10-25' }; // the clocks go back on the second
  const span = ['2026-10-23T22:00:00.000Z', '2026-10-25T23:00:00.000Z'];
  const filterOf = (address: string) => JSON.parse(JSON.stringify(questionOf(saidBy(address)).filter)) as unknown;
  const unmerged = ['TO_SORT', 'TO_ASSIGN', 'IN_PROGRESS', 'ANSWERING', 'CLOSED'];
  expect(filterOf(listIn('arrived', days))).toEqual({ statuses: unmerged, receivedFrom: span[0], receivedBefore: span[1] });
  expect(filterOf(listIn('assigned', days))).toEqual({ statuses: unmerged, assignedFrom: span[0], assignedBefore: span[1] });
  expect(filterOf(listIn('closed', days, 'o1'))).toEqual({ statuses: unmerged, officeIds: ['o1'], closedFrom: span[0], closedBefore: span[1] });
  expect(filterOf(listIn('breached', days))).toEqual({ statuses: unmerged, breachedFrom: span[0], breachedBefore: span[1] });
  expect(filterOf(listOf({ status: 'unmerged', openOn: '2026-10-25' }))).toEqual({ statuses: unmerged, openAt: span[1] });
});

test('many days are shown by weeks that end with the last day, and lose nothing', () => {
  const days = Array.from({ length: 65 }, (_, i) => ({ date: new Date(Date.UTC(2026, 8, 1 + i)).toISOString().slice(0, 10), arrived: i, closed: 1, open: i, breached: 0 }));
  expect(slotsOf(days.slice(0, 62))).toHaveLength(62);
  const weeks = slotsOf(days);
  expect(weeks).toHaveLength(10);
  expect(weeks[0]).toEqual({ from: '2026-09-01', until: '2026-09-02', arrived: 1, closed: 2, open: 1 });
  expect(weeks.at(-1)).toMatchObject({ until: days.at(-1)!.date, closed: 7, open: 64 });
  expect(weeks.reduce((sum, w) => sum + w.arrived, 0)).toBe(days.reduce((sum, d) => sum + d.arrived, 0));
});

test('axes are marked at round values up to the highest', () => {
  expect(ticksTo(0)).toEqual([0, 1]);
  expect(ticksTo(3)).toEqual([0, 1, 2, 3]);
  expect(ticksTo(17)).toEqual([0, 5, 10, 15, 20]);
  expect(ticksTo(1000)).toEqual([0, 500, 1000]);
  expect(ticksTo(6)).toEqual([0, 2, 4, 6]);
});
