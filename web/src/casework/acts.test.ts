import { describe, expect, test } from 'vitest';
import type { Row } from '../live/rows';
import { presumed, undoOf, type Act } from './acts';

const ada = { id: 'ada', name: 'Ada' };
const bea = { id: 'bea', name: 'Bea' };
const taxes = { id: 'taxes', name: 'Tributi' };
const row: Row = {
  id: '1', number: '2026/000001', status: 'TO_ASSIGN', subject: 'Prova', senderName: '', senderAddress: 'a@b.example', office: taxes, assignee: null, onBehalfOf: null, priority: 'NORMAL',
  outcome: null, reserved: false, repeated: false, readable: true, urgency: 'NONE', dueAt: null, routing: { why: 'OTHER', by: '', office: '', doubt: null }, receivedAt: '', changedAt: '', version: 3,
};

describe('what is shown before the server answers', () => {
  test('who stands in gets what is given to somebody who is away', () => {
    expect(presumed({ does: 'ASSIGN', person: ada, standsIn: bea, reason: '' }, row, bea)).toEqual({ assignee: bea, onBehalfOf: ada, status: 'IN_PROGRESS' });
  });
  test('an answered case that goes to somebody else stays answered', () => {
    expect(presumed({ does: 'ASSIGN', person: ada, reason: '' }, { ...row, status: 'ANSWERING' }, bea).status).toBe('ANSWERING');
  });
  test('a case that is reopened is where it was', () => {
    expect(presumed({ does: 'REOPEN', text: '' }, { ...row, status: 'CLOSED', assignee: ada }, bea).status).toBe('IN_PROGRESS');
    expect(presumed({ does: 'REOPEN', text: '' }, { ...row, status: 'CLOSED' }, bea).status).toBe('TO_ASSIGN');
  });
});

describe('what takes an act back', () => {
  const close: Act = { does: 'CLOSE', outcome: 'SPAM', text: '' };
  test('is offered only to who may do it', () => {
    expect(undoOf(close, row, ['REOPEN'], 'subito')).toEqual({ does: 'REOPEN', text: 'subito' });
    expect(undoOf(close, row, ['NOTE'], 'subito')).toBeNull();
  });
  test('a first assignment is taken from the person; a later one goes back to whose the case was', () => {
    const assign: Act = { does: 'ASSIGN', person: bea, reason: '' };
    expect(undoOf(assign, row, ['ASSIGN', 'UNASSIGN'], 'x')).toEqual({ does: 'UNASSIGN', text: 'x' });
    expect(undoOf({ does: 'TAKE' }, row, ['CLOSE'], 'x')).toBeNull(); // who took it is not the head
    expect(undoOf({ does: 'UNASSIGN', text: '' }, { ...row, assignee: bea }, ['ASSIGN'], 'x')).toEqual({ does: 'ASSIGN', person: bea, reason: 'x' });
    expect(undoOf(assign, { ...row, assignee: bea, onBehalfOf: ada }, ['ASSIGN'], 'x')).toEqual({ does: 'ASSIGN', person: ada, reason: 'x' });
  });
  test('what cannot be unsaid has none', () => {
    expect(undoOf({ does: 'NOTE', text: 'x' }, row, ['NOTE'], 'x')).toBeNull();
    expect(undoOf({ does: 'RETURN', text: 'x' }, row, ['SORT'], 'x')).toBeNull();
  });
});
