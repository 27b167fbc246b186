import { expect, test } from 'vitest';
import { datesFor } from '../../words/dates';
import { detailOf, type Movement } from './told';
import { words } from './words';

const dates = datesFor('it');
const bare = { cursor: 'c', occurredAt: '', actor: null };

test('a setting is told as it was and as it is', () => {
  const changed: Movement = {
    ...bare, __typename: 'OfficeChanged', office: null, reason: 'name, approvals',
    changes: [{ what: 'name', from: '', to: 'Tributi' }, { what: 'reason to move', from: 'false', to: 'true' }],
  };
  expect(detailOf(changed, words.it, dates)).toBe('nome: niente → «Tributi»; motivo per spostare: no → sì');
  expect(detailOf({ ...changed, changes: [] }, words.it, dates)).toBe('nome, approvazioni');
});

test('why a mailbox fails is told with what was said', () => {
  const failed: Movement = { ...bare, __typename: 'MailboxHealthChanged', mailbox: null, reason: 'dial tcp: no such host' };
  expect(detailOf(failed, words.it, dates)).toBe('Il nome del server non si trova. (dial tcp: no such host)');
  expect(detailOf({ ...failed, reason: '' }, words.it, dates)).toBe(words.it.worksAgain);
});

test('a trial is told with how far it looked back', () => {
  const tried: Movement = { ...bare, __typename: 'RuleTried', rule: null, how: 'review', reason: '', count: 0, days: 90 };
  expect(detailOf(tried, words.it, dates)).toBe('controllo di tutte le attive, ultimi 90 giorni');
  expect(detailOf({ ...tried, how: 'on', count: 500, days: 0, reason: '«x»: {}' }, words.it, dates)).toBe('attiva, ultime 500, «x»: {}');
});
