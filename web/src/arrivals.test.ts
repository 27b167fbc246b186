import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import schemaText from '../../schema.graphql?raw';
import { isWorthRetrying, waitBefore } from './api';
import { arrivalsSubscription, boardQuery, mostRows, withArrival, type Arrival } from './arrivals';
import { firstQuery } from './first-query';
import { textsFor } from './texts';

const schema = buildSchema(schemaText);

function arrival(id: string, receivedAt: string): Arrival {
  return {
    id, receivedAt, kind: 'ENVELOPE', subject: null, senderName: null, senderAddress: null,
    verdict: { status: 'VALID' }, original: { path: '/' }, case: null, deliveries: { nodes: [] },
  };
}

test.each([['board', boardQuery], ['subscription', arrivalsSubscription], ['first query of GraphiQL', firstQuery]])('the %s asks what the schema offers', (_, document) => {
  expect(validate(schema, parse(document))).toEqual([]);
});

test('every verdict and column has its words in both languages', () => {
  const verdicts = schema.getType('VerdictStatus');
  const names = verdicts && 'getValues' in verdicts ? verdicts.getValues().map((v) => v.name).sort() : [];
  for (const search of ['', '?lang=en']) {
    const { texts } = textsFor(search);
    expect(Object.keys(texts.verdicts).sort()).toEqual(names);
    expect(texts.columns).toHaveLength(6);
  }
});

test('arrivals stand newest first, whatever the order they are heard in', () => {
  let list: Arrival[] = [];
  for (const [id, at] of [['a', '2026-11-22T10:00:00Z'], ['c', '2026-11-22T13:00:00+01:00'], ['b', '2026-11-22T11:00:00Z']] as const) {
    list = withArrival(list, arrival(id, at)).list;
  }
  expect(list.map((a) => a.id)).toEqual(['c', 'b', 'a']);
});

test('an arrival heard twice is one row', () => {
  const once = withArrival([], arrival('a', '2026-11-22T10:00:00Z')).list;
  expect(withArrival(once, arrival('a', '2026-11-22T10:00:00Z'))).toEqual({ list: once, added: false });
});

test('the list does not grow for ever', () => {
  let list: Arrival[] = [];
  for (let i = 0; i < mostRows + 5; i++) {
    list = withArrival(list, arrival(String(i), new Date(i * 1000).toISOString())).list;
  }
  expect(list).toHaveLength(mostRows);
  expect(withArrival(list, arrival('old', new Date(-1000).toISOString())).added).toBe(false);
});

test.each([
  [1000, true], [1002, true], [1006, true], [1012, true], [4408, true], [4429, true], [undefined, true],
  [4400, false], [4401, false], [4403, false], [4409, false],
])('a connection closed with %s is tried again: %s', (code, again) => {
  expect(isWorthRetrying(code === undefined ? new Error('refused') : { code })).toBe(again);
});

test('waits grow to a quarter of a minute and no further', () => {
  expect(waitBefore(0)).toBeLessThanOrEqual(625);
  expect(waitBefore(50)).toBeGreaterThanOrEqual(11_250);
  expect(waitBefore(50)).toBeLessThanOrEqual(18_750);
});
