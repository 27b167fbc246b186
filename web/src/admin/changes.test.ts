import { expect, test } from 'vitest';
import { changed, movedMeanwhile } from './changes';

const before = { name: 'Tributi', approvals: 0, mayTake: false };

test('only what was touched is written', () => {
  expect(changed(before, { ...before, approvals: 2 })).toEqual({ approvals: 2 });
  expect(changed(before, before)).toEqual({});
});

test('what somebody else changed is told, unless both changed it alike', () => {
  const there = { name: 'Entrate', approvals: 1, mayTake: false };
  expect(movedMeanwhile(before, there, before)).toEqual(['name', 'approvals']);
  expect(movedMeanwhile(before, there, { ...before, name: 'Entrate' })).toEqual(['approvals']);
  expect(movedMeanwhile(before, before, { ...before, name: 'Entrate' })).toEqual([]);
});
