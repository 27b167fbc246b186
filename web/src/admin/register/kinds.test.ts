import { expect, test } from 'vitest';
import { groupNames, groups, kindOf, kindsOf } from './kinds';
import { words } from './words';

test('every kind of movement stands in one group', () => {
  const all = groupNames.flatMap((g): readonly string[] => groups[g]);
  expect(all.toSorted()).toEqual(Object.keys(words.it.kinds).toSorted());
});

test('a kind is said by the movement or by its type', () => {
  expect(kindOf({ __typename: 'CaseChanged', kind: 'CASE_SORTED' })).toBe('CASE_SORTED');
  expect(kindOf({ __typename: 'MailboxPasswordSet' })).toBe('MAILBOX_PASSWORD_SET');
  expect(kindOf({ __typename: 'OtherEvent', other: 'moon-landed' })).toBe('MOON_LANDED');
});

test('an address asks for a group, a kind, or all', () => {
  expect(kindsOf('terms')).toContain('TERM_BREACHED');
  expect(kindsOf('CASE_SORTED')).toEqual(['CASE_SORTED']);
  expect(kindsOf('nonsense')).toBeUndefined();
});
