import { expect, test } from 'vitest';
import type { CaseMayFragment } from '../generated/graphql';
import { may } from './may';

const on: CaseMayFragment = {
  id: '1', mayDo: ['CLAIM', 'RELEASE', 'FOLLOW', 'UNFOLLOW', 'UNRESERVE', 'BREAK_GLASS'], followed: false, readable: true, reserved: false, version: 1, office: null, claim: null,
};
const held = (mine: boolean, wanted: boolean): CaseMayFragment => ({ ...on, claim: { holder: { id: 'l', name: 'Luca' }, until: '', mine, wanted } });

test('charge is taken of what nobody has, asked for of what somebody has, and given up by who has it', () => {
  const claims = (c: CaseMayFragment) => (['CLAIM', 'WANT_CLAIM', 'RELEASE'] as const).filter((does) => may(does, c));
  expect(claims(on)).toEqual(['CLAIM']);
  expect(claims(held(false, false))).toEqual(['WANT_CLAIM']);
  expect(claims(held(false, true))).toEqual(['CLAIM']);
  expect(claims(held(true, true))).toEqual(['RELEASE']);
  expect(claims({ ...on, mayDo: [] })).toEqual([]);
});

test('of two that undo each other only one is offered', () => {
  expect(may('FOLLOW', on) && !may('UNFOLLOW', on)).toBe(true);
  expect(may('UNFOLLOW', { ...on, followed: true }) && !may('FOLLOW', { ...on, followed: true })).toBe(true);
  expect(may('UNRESERVE', on)).toBe(false);
  expect(may('BREAK_GLASS', on)).toBe(false);
  expect(may('BREAK_GLASS', { ...on, readable: false })).toBe(true);
});
