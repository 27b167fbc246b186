import { describe, expect, test } from 'vitest';
import type { CaseFilter } from '../generated/graphql';
import { compare, judge } from './judge';
import type { Row } from './rows';

const row = {
  id: 'a', number: '2026/000007', status: 'IN_PROGRESS', office: { id: 'o1', name: 'Tributi' }, assignee: { id: 'p1', name: 'Anna' }, urgency: 'DUE_SOON',
  priority: 'HIGH', dueAt: '2026-12-01T10:00:00.000Z', receivedAt: '2026-11-22T09:00:00.000Z', changedAt: '2026-11-22T10:00:00.000Z', repeated: false, version: 1,
} as Row;

describe('a row belongs to a list', () => {
  test.each<[CaseFilter, ReturnType<typeof judge>]>([
    [{}, 'in'],
    [{ statuses: ['IN_PROGRESS', 'CLOSED'] }, 'in'],
    [{ statuses: ['CLOSED'] }, 'out'],
    [{ statuses: [] }, 'out'],
    [{ officeIds: ['o1'], assigneeIds: ['p1'], urgencies: ['DUE_SOON'], priorities: ['HIGH'] }, 'in'],
    [{ officeIds: ['o2'] }, 'out'],
    [{ unassigned: true }, 'out'],
    [{ unassigned: false }, 'in'],
    [{ dueBefore: '2026-12-01T10:00:00.000Z' }, 'out'],
    [{ dueBefore: '2026-12-01T10:00:00.001Z' }, 'in'],
    [{ receivedFrom: '2026-11-22T09:00:00.000Z', receivedBefore: '2026-11-22T09:00:00.001Z' }, 'in'],
    [{ receivedBefore: '2026-11-22T09:00:00.000Z' }, 'out'],
    [{ text: 'tributi' }, 'unknown'],
    [{ text: 'tributi', statuses: ['CLOSED'] }, 'out'],
    [{ firstMailboxIds: ['m1'] }, 'unknown'],
    [{ kinds: ['ANOMALY'] }, 'unknown'],
    [{ repeated: true }, 'out'],
    [{ repeated: false }, 'in'],
    [{ senderKnown: true }, 'out'],
  ])('%j: %s', (filter, said) => {
    expect(judge(row, filter)).toBe(said);
  });

  test('what waits is asked of, whose sender may be known; what may not be read is found by nothing of its content', () => {
    expect(judge({ ...row, status: 'TO_SORT' }, { senderKnown: true })).toBe('unknown');
    expect(judge({ ...row, repeated: null }, { repeated: false })).toBe('out');
  });

  test('by its mailbox once that is known', () => {
    expect(judge({ ...row, mailbox: { id: 'm1', address: 'a@b.example' } }, { firstMailboxIds: ['m1'] })).toBe('in');
    expect(judge({ ...row, mailbox: null }, { firstMailboxIds: ['m1'] })).toBe('out');
  });
});

test('rows stand as the server has them: what is not due comes last, both ways', () => {
  const due = (n: number, dueAt: string | null): Row => ({ ...row, number: `2026/00000${n}`, dueAt });
  const rows = [due(1, null), due(2, '2026-12-02'), due(3, '2026-12-01')];
  const numbers = (direction: 'ASC' | 'DESC') => [...rows].sort(compare({ field: 'DUE_AT', direction })).map((r) => r.number.slice(-1));
  expect(numbers('ASC')).toEqual(['3', '2', '1']);
  expect(numbers('DESC')).toEqual(['2', '3', '1']);
});
