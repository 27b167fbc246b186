import { expect, test } from 'vitest';
import { hasLooks, htmlOf, plainOf } from './plain';

test('what is typed comes back as it was typed', () => {
  for (const text of ['Gentile {{mittente}},', 'una\n\ndue', 'a < b & c > d "e"', '', '<script>alert(1)</script>']) {
    expect(plainOf(htmlOf(text))).toBe(text);
  }
});

test('markup of others is read as text, and its looks are told', () => {
  expect(plainOf('<p>Visto <b>l&#39;articolo</b>:</p><ul><li>uno</li><li>due</li></ul>')).toBe('Visto l\'articolo:\n– uno\n– due');
  expect(hasLooks('<p>Visto <b>tutto</b></p>')).toBe(true);
  expect(hasLooks('<p>Visto<br/>tutto</p>')).toBe(false);
});
