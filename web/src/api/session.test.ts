import { expect, test } from 'vitest';
import { placeAfter } from './session';

test('signing in leads back to a page of this host only', () => {
  expect(placeAfter('?next=%2Fgraphiql')).toBe('/graphiql');
  expect(placeAfter('?next=%2F%3Flang%3Den')).toBe('/?lang=en');
  expect(placeAfter('')).toBe('/');
  for (const elsewhere of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
    expect(placeAfter(`?next=${encodeURIComponent(elsewhere)}`)).toBe('/');
  }
});
