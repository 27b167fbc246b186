import { expect, test } from 'vitest';
import type { EventKind } from '../generated/graphql';
import { factsOf, type Told } from './told';
import { words } from './words';

const empty: Told = {
  kind: 'CASE_NOTED', who: '', office: '', fromOffice: '', person: '', fromPerson: '', reason: '', from: '', to: '', outcome: '', how: '', mailbox: '', subject: '', sender: '', receipt: '',
  address: '', term: '', count: 0, step: 0, dueAt: '',
};

test.each(['it', 'en'] as const)('every kind of entry has a sentence in %s, also when little is known of it', (language) => {
  for (const [kind, sentence] of Object.entries(words[language].sentences)) {
    const said = sentence({ ...empty, kind: kind as EventKind, to: 'DELIVERED' });
    expect(said, kind).not.toBe('');
    expect(said, kind).not.toMatch(/undefined|«»|“”|: $/);
  }
});

test('an entry says who did what, with the words of the house', () => {
  const facts = factsOf({
    __typename: 'CaseChanged', cursor: 'c', occurredAt: '', actor: { kind: 'PERSON', name: 'Luca Bassi' }, kind: 'CASE_CLOSED', office: { name: 'Tributi' }, fromOffice: null, person: null, fromPerson: null,
    reason: 'Chiarito a voce.', from: 'IN_PROGRESS', to: 'CLOSED', outcome: 'ANSWERED_ELSEWHERE', how: '',
  });
  expect(facts?.who).toBe('Luca Bassi');
  expect(facts && words.it.sentences[facts.kind](facts)).toBe('Evasa: Risposta data con altri mezzi – «Chiarito a voce.»');
});

test('what a newer server tells is not understood, and not an error', () => {
  expect(factsOf({ __typename: 'OtherEvent', cursor: 'c', occurredAt: '', actor: null, unknownKind: 'CASE_DREAMT_OF' })).toBeNull();
});
