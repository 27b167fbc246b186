import { expect, test } from 'vitest';
import type { MessageKind, VerdictStatus } from '../generated/graphql';
import { faults } from './faults';
import { judge } from './judge';

const of = (kind: MessageKind, status: VerdictStatus, revocation = 'good', error = 'nessuno') => judge({ kind, direction: 'INCOMING', verdict: { status, revocation, reasons: [] }, certification: { error } });

test('a signed envelope is good, and the envelope of an anomaly says what it is though it is signed', () => {
  expect(of('ENVELOPE', 'VALID')).toEqual({ tone: 'good', label: 'certified' });
  expect(of('ANOMALY', 'VALID')).toEqual({ tone: 'notice', label: 'anomaly' });
  expect(of('ORDINARY', 'UNSIGNED')).toEqual({ tone: 'notice', label: 'ordinary' });
});

test('what was altered, pretends, or whose signer nobody vouches for is grave, whatever it calls itself', () => {
  for (const kind of ['ENVELOPE', 'ANOMALY', 'ORDINARY'] as const) {
    expect([of(kind, 'ALTERED'), of(kind, 'IMITATION'), of(kind, 'UNTRUSTED'), of(kind, 'UNTRUSTED', 'revoked')]).toEqual(
      ['altered', 'imitation', 'untrusted', 'revoked'].map((label) => ({ tone: 'grave', label })),
    );
  }
});

test('a virus stands before everything else', () => {
  expect(of('DELIVERY_ERROR', 'VALID', 'good', 'virus').label).toBe('virus');
  expect(of('VIRUS_NOTICE', 'ALTERED').label).toBe('virus');
});

test('what we sent is no ordinary mail, though nothing in it is signed', () => {
  expect(judge({ kind: 'ORDINARY', direction: 'OUTGOING', verdict: { status: 'UNSIGNED', revocation: '', reasons: [] } })).toEqual({ tone: 'good', label: 'sent' });
});

test('both languages know the same reasons', () => {
  expect(Object.keys(faults.en.reasons)).toEqual(Object.keys(faults.it.reasons));
});
