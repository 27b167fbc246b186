import { expect, test } from 'vitest';
import { viewsIn, withView, type View } from './views';

const late: View = { name: 'In ritardo', place: '/cases', search: '?urgency=BREACHED' };

test('a view of the same name takes the place of the one before, on its screen', () => {
  const desk: View = { ...late, place: '/desk', search: '?split=late' };
  const newer: View = { ...late, search: '?urgency=DUE_SOON' };
  expect(withView(withView(withView([], late), desk), newer)).toEqual([desk, newer]);
});

test('what somebody else wrote in the same place is no view', () => {
  expect(viewsIn(JSON.stringify([late, { name: 'x', place: '/admin', search: '' }, { name: '', place: '/desk', search: '' }, null, 7]))).toEqual([late]);
  expect(viewsIn('{')).toEqual([]);
  expect(viewsIn('{"a":1}')).toEqual([]);
  expect(viewsIn(undefined)).toEqual([]);
});
