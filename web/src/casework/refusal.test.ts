import { expect, test } from 'vitest';
import type { CaseRowFragment, ErrorFragment } from '../generated/graphql';
import { datesFor } from '../words/dates';
import { it } from '../words/it';
import { refusalOf } from './refusal';
import { words } from './words';

const speech = { t: it, dates: datesFor('it-IT') };
const now = { assignee: { id: 'l', name: 'Luca Bassi' }, office: { id: 't', name: 'Tributi' } } as CaseRowFragment;

function stale(changes: { kind: 'CASE_ASSIGNED' | 'CASE_NOTED'; actor: string; at: string }[]): ErrorFragment {
  return { __typename: 'StaleCaseError', message: 'cambiata', code: 'STALE', path: [], currentVersion: 7, changes };
}

test('who was slower is told who did what and when, and may do it as of now', () => {
  const refusal = refusalOf([stale([{ kind: 'CASE_ASSIGNED', actor: 'Carla Monti', at: '2026-11-26T09:42:00Z' }])], now, speech, words.it);
  expect(refusal).toEqual({ text: 'Già assegnata a Luca Bassi da Carla Monti alle 10:42', version: 7 });
});

test('who took a case did not assign it to himself', () => {
  expect(refusalOf([stale([{ kind: 'CASE_ASSIGNED', actor: 'Luca Bassi', at: '2026-11-26T09:42:00Z' }])], now, speech, words.it).text).toBe('Già presa da Luca Bassi alle 10:42');
});

test('what is no conflict cannot be insisted on', () => {
  expect(refusalOf([{ __typename: 'CommandError', message: 'non si può', code: 'FORBIDDEN', path: [] }], now, speech, words.it)).toEqual({ text: 'non si può' });
});
