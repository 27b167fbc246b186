import { describe, expect, test } from 'vitest';
import type { ProvenFragment } from '../generated/graphql';
import { stepsOf } from './ladder';

describe('how far a PEC came', () => {
  const recipient: ProvenFragment = {
    id: 'r', address: 'a@pec.example', copy: false, system: 'CERTIFIED', status: 'ACCEPTED', acceptedAt: '2026-11-26T10:00:00Z', refusedAt: null, takenAt: null, deliveredAt: null,
    failedAt: null, warnedAt: null, provider: '', reason: '', missing: 'NONE', differs: false,
  };
  const states = (r: ProvenFragment): string[] => stepsOf(r, '2026-11-26T09:59:00Z').map((s) => s.state);
  test('delivery is awaited of certified mail alone', () => {
    expect(states(recipient)).toEqual(['PENDING', 'ACCEPTED', 'DELIVERED']);
    expect(states({ ...recipient, system: 'ORDINARY' })).toEqual(['PENDING', 'ACCEPTED']);
  });
  test('what was given up is not awaited any longer, and what was refused never came further', () => {
    expect(states({ ...recipient, status: 'NOT_DELIVERED', failedAt: '2026-11-27T10:00:00Z', takenAt: '2026-11-26T10:01:00Z' })).toEqual(['PENDING', 'ACCEPTED', 'TAKEN', 'NOT_DELIVERED']);
    expect(states({ ...recipient, status: 'NOT_ACCEPTED', acceptedAt: null, refusedAt: '2026-11-26T10:00:00Z' })).toEqual(['PENDING', 'NOT_ACCEPTED']);
  });
});
