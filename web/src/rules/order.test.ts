import { expect, test } from 'vitest';
import type { RuleShownFragment } from '../generated/graphql';
import { isStill, moved, neighbours, shadows, wayBack } from './order';

function rule(id: string, priority: number, more: Partial<RuleShownFragment> = {}): RuleShownFragment {
  return {
    id, name: id, priority, state: 'ON', origin: 'PEOPLE', version: 1, hits: 0, lastHitAt: null, removedAt: null, assignee: null,
    condition: { source: `{"subject":"${id}"}` }, office: { id: 'o', name: 'Tributi' }, ...more,
  };
}

const file = rule('file', 100, { origin: 'CONFIGURATION', version: 0 });
const [a, b, c] = [rule('a', 50), rule('b', 100), rule('c', 100)];
const rules = [a, file, b, c];
const ids = (list: readonly RuleShownFragment[]): string => list.map((r) => r.id).join(' ');

test('a rule is moved among those that people keep, and takes the priority of its place', () => {
  expect(neighbours(rules, 'b')).toEqual({ previous: a, next: c, afterNext: undefined });
  expect(ids(moved(rules, b, a))).toBe('b a file c');
  expect(moved(rules, b, a)[0]!.priority).toBe(50);
  expect(ids(moved(rules, a, null))).toBe('file b c a');
  expect(moved(rules, a, null).at(-1)!.priority).toBe(100);
  expect(ids(moved([file, b], b, null))).toBe('file b');
});

test('a move is taken back to the very place, or not at all', () => {
  expect(wayBack(rules, b, 50)).toEqual({ before: c });
  expect(wayBack(rules, a, 100)).toEqual({ version: 1 });
  expect(wayBack(rules, c, 100)).toEqual({ before: null });
  expect(wayBack([b, c, rule('d', 200)], c, 100)).toBeUndefined();
});

test('a rule that comes after one that takes all of it is told, and only where that one is on', () => {
  const wide = rule('wide', 10, { condition: { source: '{"sender":"@pec.example"}' } });
  const narrow = rule('narrow', 20, { condition: { source: '{"sender":"@pec.example","subject":"x"}' } });
  expect(shadows([wide, narrow]).get('narrow')).toBe(wide);
  expect(shadows([narrow, wide]).size).toBe(0);
  expect(shadows([{ ...wide, state: 'DRAFT' }, narrow]).size).toBe(0);
});

test('a rule that was not applied for long is still, one that never was or is off is not', () => {
  const now = new Date('2026-11-26T12:00:00Z');
  expect(isStill({ state: 'ON', lastHitAt: '2026-08-01T12:00:00Z' }, 90, now)).toBe(true);
  expect(isStill({ state: 'ON', lastHitAt: '2026-09-01T12:00:00Z' }, 90, now)).toBe(false);
  expect(isStill({ state: 'ON', lastHitAt: null }, 90, now)).toBe(false);
  expect(isStill({ state: 'OFF', lastHitAt: '2026-08-01T12:00:00Z' }, 90, now)).toBe(false);
});
