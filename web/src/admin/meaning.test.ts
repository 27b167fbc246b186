import { expect, test } from 'vitest';
import { meaningOf } from './meaning';

test.each([
  ['LOGIN: NO [AUTHENTICATIONFAILED] Invalid credentials', 'login'],
  ['connect to imap.example:993: dial tcp 10.0.0.1:993: connect: connection refused', 'unreached'],
  ['dial tcp: lookup imap.example: no such host', 'name'],
  ['read tcp 10.0.0.2:4->10.0.0.1:993: i/o timeout', 'late'],
  ['it could not be fetched: message 1: the server sent the message without content (NIL)', 'content'],
  ['tls: failed to verify certificate: x509: certificate has expired', 'certificate'],
  ['something new', undefined],
])('%s', (reason, meaning) => {
  expect(meaningOf(reason)).toBe(meaning);
});
