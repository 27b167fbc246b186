import { describe, expect, test } from 'vitest';
import type { MessageShownFragment, ReplyShownFragment } from '../generated/graphql';
import type { Term } from './folder';
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
