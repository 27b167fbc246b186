import { expect, test } from 'vitest';
import { routingSaid } from './routing';
import { words } from './routing-words';

test('why a case stands where it is, is said in the language of the reader', () => {
  const rule = { why: 'RULE', by: 'Tributi', office: 'Ufficio Tributi', doubt: null } as const;
  expect(routingSaid(rule, words.it)).toBe('regola «Tributi»: a Ufficio Tributi');
  expect(routingSaid(rule, words.en)).toBe('rule “Tributi”: to Ufficio Tributi');
  expect(routingSaid({ ...rule, doubt: 'UNSIGNED' }, words.it)).toBe('regola «Tributi»: a Ufficio Tributi; attenzione: posta ordinaria, non certificata');
  expect(routingSaid({ why: 'NOT_TO_TRUST', by: '', office: '', doubt: 'ALTERED' }, words.en)).toBe('the content is not what the provider signed');
  expect(routingSaid({ why: 'OTHER', by: '', office: '', doubt: null }, words.it)).toBe('');
  expect(routingSaid(undefined, words.it)).toBe('');
});
