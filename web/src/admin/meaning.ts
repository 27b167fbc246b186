// What a machine's English reason means, as far as it can be told from its words; what
// was said stands beside it in full.

export type Meaning = 'login' | 'certificate' | 'name' | 'late' | 'unreached' | 'cut' | 'content' | 'crash' | 'password';

const signs: readonly [Meaning, RegExp][] = [
  ['password', /no password|cannot be opened/i],
  ['login', /\bLOGIN\b|authenticat|invalid credentials|\b535\b/i],
  ['certificate', /x509|certificate|\btls\b/i],
  ['name', /no such host/i],
  ['late', /timeout|deadline exceeded|timed out/i],
  ['unreached', /connection refused|unreachable|no route|dial /i],
  ['cut', /connection (ended|was closed|reset)|\bEOF\b|broken pipe/i],
  ['content', /without content|sent no message|another message|far more than/i],
  ['crash', /panic|crash|out of range|ended with the process/i],
];

export function meaningOf(reason: string): Meaning | undefined {
  return signs.find(([, sign]) => sign.test(reason))?.[0];
}
