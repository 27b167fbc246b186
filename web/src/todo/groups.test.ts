import { expect, test } from 'vitest';
import { workingDays } from '../shell/days';
import { workOf, type Work } from '../cases/work';
import type { CaseWorkFragment } from '../generated/graphql';
import type { Row } from '../live/rows';
import { groupOf, nextOf } from './groups';

const now = new Date('2026-11-26T10:00:00Z'); // a Thursday
const me = { id: 'luca', name: 'Luca' };

function row(some: Partial<Row>): Row {
  return {
    id: 'a', number: '2026/000001', status: 'IN_PROGRESS', subject: '', senderName: '', senderAddress: '', office: { id: 'o', name: '' }, assignee: me, onBehalfOf: null,
    priority: 'NORMAL', outcome: null, reserved: false, repeated: false, readable: true, urgency: 'NONE', dueAt: null, routing: { why: 'OTHER', by: '', office: '', doubt: null }, receivedAt: '', changedAt: '', version: 1, ...some,
  };
}

const found: CaseWorkFragment = {
  id: 'a', mayDo: [], followed: false, readable: true, reserved: false, version: 1, office: null, claim: null,
  replies: { nodes: [] }, messages: { nodes: [] }, inquiries: { nodes: [] },
};
const reply: CaseWorkFragment['replies']['nodes'][number] = {
  id: 'r', state: 'DRAFT', concludes: true, subject: '', author: me, editedAt: '', sentAt: null, approvalsNeeded: 1, approvals: [],
};
const asked: CaseWorkFragment['inquiries']['nodes'][number] = { id: 'i', kind: 'SOLLECITO', text: 'A che punto è?', askedBy: { id: 's', name: 'Sara' }, askedAt: '', answeredAt: null };

test('each case stands in one group, by its first term in Rome', () => {
  const of = (some: Partial<Row>, work?: Work) => groupOf(row(some), work, me.id, now);
  expect(of({ dueAt: '2026-11-26T09:59:00Z' })).toBe('late');
  expect(of({ dueAt: '2026-11-26T22:59:00Z' })).toBe('today');
  expect(of({ dueAt: '2026-11-26T23:01:00Z' })).toBe('week');
  expect(of({ dueAt: '2026-11-29T22:59:00Z' })).toBe('week');
  expect(of({ dueAt: '2026-11-29T23:01:00Z' })).toBe('later');
  expect(of({})).toBe('undated');
  expect(of({ status: 'ANSWERING' })).toBe('waiting');
  expect(of({ status: 'TO_ASSIGN', assignee: null })).toBe('toTake');
  expect(of({ status: 'CLOSED' })).toBeNull();
  expect(of({ assignee: { id: 'other', name: '' } })).toBeNull();
  expect(of({ status: 'ANSWERING' }, workOf({ ...found, inquiries: { nodes: [asked] } }, []))).toBe('asked');
  expect(of({}, workOf({ ...found, inquiries: { nodes: [{ ...asked, answeredAt: '2026-11-25T10:00:00Z' }] } }, []))).toBe('undated');
});

test('the next step: a reminder before all, then what became of our reply', () => {
  const next = (some: Partial<CaseWorkFragment>) => nextOf(row({}), workOf({ ...found, ...some }, []));
  const written = (some: Partial<typeof reply>) => ({ replies: { nodes: [{ ...reply, ...some }] } });
  expect(next({})).toEqual({ does: 'reply' });
  expect(next({ ...written({}), inquiries: { nodes: [asked] } })).toEqual({ does: 'answer', inquiry: asked });
  expect(next(written({}))).toEqual({ does: 'finish' });
  expect(next(written({ state: 'AWAITING_APPROVAL' }))).toEqual({ does: 'wait', for: 'approval' });
  expect(next(written({ state: 'REFUSED' }))).toEqual({ does: 'sendAgain' });
  expect(next(written({ approvals: [{ approved: true, void: true, decidedBy: { name: 'A' }, remark: '' }, { approved: false, void: true, decidedBy: { name: 'Carla' }, remark: 'Citare la legge.' }] })))
    .toEqual({ does: 'correct', by: 'Carla', remark: 'Citare la legge.' });
  expect(next(written({ state: 'DISCARDED' }))).toEqual({ does: 'reply' });
});

test('work is begun by who has it, since he has it', () => {
  type Happened = Parameters<typeof workOf>[1][number];
  const event = (kind: 'CASE_ASSIGNED' | 'CASE_CLAIMED' | 'CASE_NOTED', by: string, how = 'assigned'): Happened =>
    ({ occurredAt: '', kind, how, person: kind === 'CASE_NOTED' ? null : me, actor: { user: { id: by } }, case: { id: 'a' } });
  const begun = (...events: Happened[]) => workOf(found, events).begun;
  expect(begun(event('CASE_ASSIGNED', 'carla'))).toBe(false);
  expect(begun(event('CASE_ASSIGNED', me.id, 'taken'))).toBe(true);
  expect(begun(event('CASE_ASSIGNED', 'carla'), event('CASE_CLAIMED', me.id))).toBe(true);
  expect(begun(event('CASE_CLAIMED', me.id), event('CASE_ASSIGNED', 'carla'))).toBe(false);
  expect(begun(event('CASE_ASSIGNED', 'carla'), event('CASE_NOTED', 'carla'))).toBe(false);
});

test('days with work: no Saturday, no Sunday, no holiday; the last day counts', () => {
  const free = new Set(['2026-12-08']);
  expect(workingDays('2026-11-26', '2026-11-27', free)).toBe(1);
  expect(workingDays('2026-11-26', '2026-11-30', free)).toBe(2);
  expect(workingDays('2026-12-04', '2026-12-09', free)).toBe(2);
  expect(workingDays('2026-11-26', '2026-11-26', free)).toBe(0);
});
