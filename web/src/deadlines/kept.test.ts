import { describe, expect, test } from 'vitest';
import { inOrder, namedBy, patronOf, placeOf, versionOf, type Closure, type Deadline, type Patron } from './kept';

const deadline = (some: Partial<Deadline>): Deadline => ({
  id: null, kind: 'WORK', amount: '5 days', office: null, mailbox: null, rule: null, ruleId: null, origin: 'CONFIGURATION', version: 0, holds: true, ...some,
});

describe('what a deadline is of', () => {
  test('is said as one text, and by what a command names', () => {
    for (const [some, place, named] of [
      [{}, '', { officeId: null, mailboxId: null, ruleId: null }],
      [{ office: { id: 'o', name: 'Tributi' } }, 'office:o', { officeId: 'o', mailboxId: null, ruleId: null }],
      [{ mailbox: { id: 'm', address: 'a@b.example' } }, 'mailbox:m', { officeId: null, mailboxId: 'm', ruleId: null }],
      [{ rule: 'ricorsi', ruleId: 'r' }, 'rule:r', { officeId: null, mailboxId: null, ruleId: 'r' }],
    ] as const) {
      expect(placeOf(deadline(some))).toBe(place);
      expect(namedBy(place)).toEqual(named);
    }
  });

  test('what people keep of the same has a version, the configuration has none', () => {
    const all = [deadline({ holds: false }), deadline({ id: 'a', origin: 'PEOPLE', version: 3 }), deadline({ id: 'b', origin: 'PEOPLE', version: 9, kind: 'ANSWER' })];
    expect(versionOf(all, 'WORK', '')).toBe(3);
    expect(versionOf(all, 'ASSIGN', '')).toBe(0);
    expect(versionOf(all, 'WORK', 'office:o')).toBe(0);
  });
});

test('the patron of an office is its own one that holds', () => {
  const patron = (day: string, office: string, holds: boolean): Patron => ({ day, office: office ? { id: office, name: office } : null, origin: 'PEOPLE', version: 1, holds });
  const all = [patron('06-24', '', false), patron('09-19', '', true), patron('12-07', 'o', true)];
  expect(patronOf(all, '')?.day).toBe('09-19');
  expect(patronOf(all, 'o')?.day).toBe('12-07');
  expect(patronOf(all, 'p')).toBeUndefined();
});

test('closures to come stand first, the next one on top; then those that are over', () => {
  const closure = (from: string, to: string): Closure => ({ id: from, name: from, from, to, office: null, origin: 'PEOPLE', version: 1 });
  const all = [closure('2026-08-10', '2026-08-21'), closure('2027-01-04', '2027-01-05'), closure('2026-11-20', '2026-11-30'), closure('2025-08-10', '2025-08-21')];
  expect(inOrder(all, '2026-11-26').map((c) => c.from)).toEqual(['2026-11-20', '2027-01-04', '2026-08-10', '2025-08-10']);
});
