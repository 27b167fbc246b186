import { describe, expect, test } from 'vitest';
import type { MessageShownFragment, ProvenFragment, ReplyShownFragment } from '../generated/graphql';
import type { Term } from './folder';
import { stepsOf } from './ladder';
import { amountInWords, gathered, nextTerm } from './terms';
import { entriesOf } from './thread';
import { words } from './words';

const line = (date: string, kind: string, days: number): Term['reckoning'][number] => ({ date, kind, text: `${date} ${kind}`, days });
const term: Term = {
  id: 't', kind: 'ANSWER', amount: '3 working days', policy: 'house', startedAt: '2026-11-26T09:00:00Z', dueAt: '2026-12-01T16:00:00Z', metAt: null, breachedAt: null, suspended: false,
  reckoning: [
    line('2026-11-26', 'start', 0), line('2026-11-27', 'counted', 1), line('2026-11-28', 'skipped', 1), line('2026-11-29', 'skipped', 1),
    line('2026-11-30', 'counted', 2), line('2026-12-01', 'counted', 3), line('2026-12-01', 'due', 3),
  ],
};

describe('a term', () => {
  test('is as long as it says, in words', () => {
    expect(amountInWords('30 working days', words.it.terms.units)).toBe('30 giorni lavorativi');
    expect(amountInWords('1 day', words.it.terms.units)).toBe('1 giorno');
  });
  test('names each day that was skipped, and draws the others together', () => {
    expect(gathered(term.reckoning)).toEqual([
      { text: '2026-11-26 start' }, { from: '2026-11-27', to: '2026-11-27', days: 1 }, { text: '2026-11-28 skipped' }, { text: '2026-11-29 skipped' },
      { from: '2026-11-30', to: '2026-12-01', days: 2 }, { text: '2026-12-01 due' },
    ]);
  });
  test('comes next when it ends first; one that is met does not count', () => {
    const met = { ...term, id: 'met', dueAt: '2026-11-27T16:00:00Z', metAt: '2026-11-26T10:00:00Z' };
    const still = { ...term, id: 'still', dueAt: null, suspended: true };
    expect(nextTerm([still, term, met])?.id).toBe('t');
    expect(nextTerm([still, met])?.id).toBe('still');
  });
});

describe('how far a PEC came', () => {
  const recipient: ProvenFragment = {
    id: 'r', address: 'a@pec.example', copy: false, system: 'CERTIFIED', status: 'ACCEPTED', acceptedAt: '2026-11-26T10:00:00Z', refusedAt: null, takenAt: null, deliveredAt: null,
    failedAt: null, warnedAt: null, provider: '', reason: '', missing: 'NONE', differs: false,
  };
  const states = (r: ProvenFragment): string[] => stepsOf(r, '2026-11-26T09:59:00Z').map((s) => s.state);
  test('delivery is awaited of certified mail alone', () => {
    expect(states(recipient)).toEqual(['PENDING', 'ACCEPTED', 'DELIVERED']);
    expect(states({ ...recipient, system: 'ORDINARY' })).toEqual(['PENDING', 'ACCEPTED']);
  });
  test('what was given up is not awaited any longer, and what was refused never came further', () => {
    expect(states({ ...recipient, status: 'NOT_DELIVERED', failedAt: '2026-11-27T10:00:00Z', takenAt: '2026-11-26T10:01:00Z' })).toEqual(['PENDING', 'ACCEPTED', 'TAKEN', 'NOT_DELIVERED']);
    expect(states({ ...recipient, status: 'NOT_ACCEPTED', acceptedAt: null, refusedAt: '2026-11-26T10:00:00Z' })).toEqual(['PENDING', 'NOT_ACCEPTED']);
  });
});

test('a reply that was sent is the message that it became, receipts are no messages, and all stand in their order', () => {
  const message = (id: string, receivedAt: string, kind: MessageShownFragment['kind'] = 'ENVELOPE'): MessageShownFragment => ({ id, receivedAt, kind }) as MessageShownFragment;
  const reply = (id: string, state: ReplyShownFragment['state'], createdAt: string, sent?: string): ReplyShownFragment =>
    ({ id, state, createdAt, sentAt: sent ? createdAt : null, outgoing: sent ? { id: sent, receipts: { nodes: [] } } : null }) as unknown as ReplyShownFragment;
  const entries = entriesOf(
    [message('in', '1'), message('out', '3', 'ORDINARY'), message('receipt', '4', 'DELIVERY'), message('again', '5')],
    [reply('draft', 'DRAFT', '6'), reply('sent', 'SENT', '2', 'out'), reply('gone', 'DISCARDED', '7')],
  );
  expect(entries.map((e) => e.key)).toEqual(['in', 'sent', 'again', 'draft']);
  expect(entries[1]?.message?.id).toBe('out');
});
