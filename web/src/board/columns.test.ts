import { expect, test } from 'vitest';
import type { CaseCommand } from '../generated/graphql';
import type { Work } from '../cases/work';
import type { Row } from '../live/rows';
import { byStage, loads, moveAside, moveTo, stages } from './columns';
import { held } from './use-held';

const me = 'carla';
const now = new Date('2026-11-26T10:00:00Z'); // a Thursday

function row(some: Partial<Row>): Row {
  return {
    id: 'a', number: '2026/000001', status: 'IN_PROGRESS', subject: '', senderName: '', senderAddress: '', office: { id: 'o', name: '' }, assignee: null, onBehalfOf: null,
    priority: 'NORMAL', outcome: null, reserved: false, repeated: false, readable: true, urgency: 'NONE', dueAt: null, routing: { why: 'OTHER', by: '', office: '', doubt: null }, receivedAt: '', changedAt: '', version: 1, ...some,
  };
}

function work(some: Partial<Omit<Work, 'may'>> & { mayDo?: CaseCommand[] } = {}): Work {
  const { mayDo = [...all], ...rest } = some;
  return { may: { id: 'a', mayDo, followed: false, readable: true, reserved: false, version: 1, office: null, claim: null }, reply: null, heardAt: '', open: [], begun: false, ...rest };
}

const all: CaseCommand[] = ['ASSIGN', 'TAKE', 'CLAIM', 'CLOSE', 'REOPEN', 'RETURN', 'UNASSIGN'];
const luca = { id: 'luca', name: 'Luca' };

test('a case moves to the columns to which a command leads, and to no other', () => {
  const to = (r: Row, w: Work) => stages.map((s) => moveTo(s, r, w, me));
  expect(to(row({ status: 'TO_ASSIGN' }), work())).toEqual([null, 'ASSIGN', 'TAKE', null, 'CLOSE']);
  expect(to(row({ assignee: luca }), work())).toEqual(['UNASSIGN', null, null, null, 'CLOSE']);
  expect(to(row({ assignee: luca }), work({ mayDo: ['CLOSE'] }))).toEqual([null, null, null, null, 'CLOSE']);
  expect(to(row({ assignee: { id: me, name: '' } }), work())).toEqual(['UNASSIGN', null, 'CLAIM', null, 'CLOSE']);
  expect(to(row({ status: 'ANSWERING', assignee: luca }), work({ mayDo: ['REOPEN', 'CLOSE'] }))).toEqual([null, null, 'REOPEN', null, 'CLOSE']);
  expect(to(row({ status: 'CLOSED', assignee: luca }), work({ mayDo: ['REOPEN'] }))).toEqual([null, null, 'REOPEN', null, null]);
  expect(to(row({ status: 'CLOSED' }), work())).toEqual(['REOPEN', null, null, null, null]);
  expect(to(row({ status: 'TO_ASSIGN' }), work({ mayDo: ['TAKE'] }))).toEqual([null, null, 'TAKE', null, null]);
});

test('aside is the nearest column that it may be moved to', () => {
  expect(moveAside(row({ status: 'TO_ASSIGN' }), work(), me, 1)).toEqual({ to: 'assigned', move: 'ASSIGN' });
  expect(moveAside(row({ assignee: luca }), work(), me, 1)).toEqual({ to: 'done', move: 'CLOSE' });
  expect(moveAside(row({ assignee: luca }), work(), me, -1)).toEqual({ to: 'toAssign', move: 'UNASSIGN' });
  expect(moveAside(row({ assignee: luca }), work({ mayDo: ['CLOSE'] }), me, -1)).toBeNull();
});

test('columns: what was not begun, what is worked on, and what waits for somebody else', () => {
  const reply = { id: 'r', subject: '', author: luca, editedAt: '', approvalsNeeded: 1, approvals: [], concludes: false, sentAt: '2026-11-20T10:00:00Z' };
  const cases = [
    row({ id: 'new', assignee: luca }), row({ id: 'begun', assignee: luca }), row({ id: 'approval', assignee: luca }),
    row({ id: 'others', assignee: luca }), row({ id: 'heard', assignee: luca }), row({ id: 'out', status: 'ANSWERING', assignee: luca }),
  ];
  const of = new Map([
    ['new', work()], ['begun', work({ begun: true })],
    ['approval', work({ begun: true, reply: { ...reply, state: 'AWAITING_APPROVAL', sentAt: null } })],
    ['others', work({ begun: true, reply: { ...reply, state: 'SENT' }, heardAt: '2026-11-01T10:00:00Z' })],
    ['heard', work({ begun: true, reply: { ...reply, state: 'SENT' }, heardAt: '2026-11-21T10:00:00Z' })],
  ]);
  const found = Object.fromEntries(byStage(cases, of).map((c) => [c.id, c.rows.map((r) => r.id).sort()]));
  expect(found).toEqual({ toAssign: [], assigned: ['new'], working: ['begun', 'heard'], waiting: ['approval', 'others', 'out'], done: [] });
});

test('the load counts what is open, what is due until Sunday, and what is late', () => {
  const cases = [
    row({ id: '1', assignee: luca, dueAt: '2026-11-25T10:00:00Z', urgency: 'BREACHED' }), row({ id: '2', assignee: luca, dueAt: '2026-11-29T22:59:00Z' }),
    row({ id: '3', assignee: luca, dueAt: '2026-11-29T23:01:00Z' }), row({ id: '4', assignee: luca, status: 'CLOSED' }), row({ id: '5' }),
  ];
  expect([...loads(cases, now)]).toEqual([['luca', { open: 3, week: 1, late: 1 }]]);
});

test('while it is held nothing moves but what the person moves himself', () => {
  const own = new Set(['mine', 'b']);
  const isOwn = (id: string) => own.has(id);
  expect(held(['a', 'b', 'c'], ['x', 'a', 'b', 'c'], isOwn)).toEqual(['a', 'b', 'c']);
  expect(held(['a', 'b', 'c'], ['a', 'b'], isOwn)).toEqual(['a', 'b', 'c']);
  expect(held(['a', 'b', 'c'], ['a', 'mine', 'c'], isOwn)).toEqual(['a', 'mine', 'c']);
});
