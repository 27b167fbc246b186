import { expect, test } from 'vitest';
import { unknownTo, viewsIn, type View } from './views';

const urgent: View = { name: 'Urgenti', list: 'CASES', search: '?status=open&order=DUE_AT' };
const kept = { name: 'Urgenti', place: '/cases', search: '?status=open&order=DUE_AT' };

test('what a browser kept is read as far as it can be understood', () => {
  expect(viewsIn(null)).toEqual([]);
  expect(viewsIn('{')).toEqual([]);
  expect(viewsIn(JSON.stringify([kept, null, 7, { name: '', place: '/cases', search: '' }, { ...kept, place: '//elsewhere.example' }]))).toEqual([urgent]);
});

test('of a name that the server has in that list it is not given another one', () => {
  expect(unknownTo([urgent], [{ ...urgent, search: '' }, { ...urgent, list: 'DESK' }])).toEqual([{ ...urgent, list: 'DESK' }]);
});
