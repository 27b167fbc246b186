// Every text of the pages, Italian first.

const it = {
  title: 'Smista – posta in arrivo',
  caption: 'Le PEC in arrivo, dalla più recente.',
  columns: ['Ricevuta', 'Mittente', 'Oggetto', 'Casella', 'Ufficio', 'Firma'],
  online: '● In tempo reale',
  connecting: '○ Riconnessione…',
  offline: (since: string) => `✕ Non in linea – dati delle ${since}`,
  refused: (reason: string) => `✕ Richiesta rifiutata: ${reason}`,
  empty: 'Ancora nessuna PEC.',
  announce: (n: number) => (n === 1 ? 'Una nuova PEC' : `${n} nuove PEC`),
  desk: 'Smistamento',
  signOut: 'Esci',
  noSubject: '(senza oggetto)',
  original: 'originale',
  otherLanguage: { code: 'en', name: 'English' },
  kinds: { ENVELOPE: '', ANOMALY: 'Busta di anomalia', ORDINARY: 'Posta non certificata' } as Record<string, string>,
  verdicts: {
    VALID: '✓ Valida',
    UNTRUSTED: '✕ Gestore non riconosciuto',
    EXPIRED: '! Certificato scaduto',
    ALTERED: '✕ Alterata',
    UNVERIFIABLE: '! Non verificabile',
    UNSIGNED: '– Non firmata',
    IMITATION: '✕ Imitazione di PEC',
  } as Record<string, string>,
};

export type Texts = typeof it;

const en: Texts = {
  title: 'Smista – incoming mail',
  caption: 'Incoming PECs, the newest first.',
  columns: ['Received', 'Sender', 'Subject', 'Mailbox', 'Office', 'Signature'],
  online: '● Live',
  connecting: '○ Reconnecting…',
  offline: (since) => `✕ Offline – as of ${since}`,
  refused: (reason) => `✕ Request refused: ${reason}`,
  empty: 'No PEC yet.',
  announce: (n) => (n === 1 ? 'One new PEC' : `${n} new PECs`),
  desk: 'Sorting desk',
  signOut: 'Sign out',
  noSubject: '(no subject)',
  original: 'original',
  otherLanguage: { code: 'it', name: 'Italiano' },
  kinds: { ENVELOPE: '', ANOMALY: 'Anomaly envelope', ORDINARY: 'Not certified mail' },
  verdicts: {
    VALID: '✓ Valid',
    UNTRUSTED: '✕ Unknown provider',
    EXPIRED: '! Certificate expired',
    ALTERED: '✕ Altered',
    UNVERIFIABLE: '! Cannot be verified',
    UNSIGNED: '– Not signed',
    IMITATION: '✕ Imitation of a PEC',
  },
};

/** The texts and locale asked for by the page's address: Italian unless ?lang=en. */
export function textsFor(search: string): { texts: Texts; locale: string } {
  return new URLSearchParams(search).get('lang') === 'en' ? { texts: en, locale: 'en-GB' } : { texts: it, locale: 'it-IT' };
}

const signInIt = {
  title: 'Smista – accesso',
  heading: 'Accesso',
  email: 'Indirizzo e-mail',
  password: 'Password',
  enter: 'Entra',
  unreachable: 'Il server non risponde: riprovare tra poco.',
  otherLanguage: { code: 'en', name: 'English' },
};

const signInEn: typeof signInIt = {
  title: 'Smista – sign in',
  heading: 'Sign in',
  email: 'E-mail address',
  password: 'Password',
  enter: 'Sign in',
  unreachable: 'The server does not answer: try again in a moment.',
  otherLanguage: { code: 'it', name: 'Italiano' },
};

/** The texts and locale of the sign-in page, chosen as textsFor does. */
export function signInTextsFor(search: string): { texts: typeof signInIt; locale: string } {
  return new URLSearchParams(search).get('lang') === 'en' ? { texts: signInEn, locale: 'en-GB' } : { texts: signInIt, locale: 'it-IT' };
}
