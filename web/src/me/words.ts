// The texts of a person's own page.

import type { TokenScope } from '../generated/graphql';

const it = {
  title: 'Il mio profilo',
  sectionsLabel: 'Sezioni del profilo',
  sections: { profile: 'Profilo', notices: 'Avvisi', absences: 'Assenze', templates: 'Modelli e firma', tokens: 'Token per programmi' },
  name: 'Nome', email: 'Indirizzo e-mail', roles: 'Ruoli', none: 'nessuno',
  rolesTold: 'Nome e ruoli li cambia un amministratore.',
  language: 'Lingua', languageTold: 'Della pagina e degli avvisi.', languages: { IT: 'Italiano', EN: 'English' },
  languageSet: 'Lingua salvata',
  password: 'Cambia password', oldPassword: 'Password attuale', newPassword: 'Nuova password', newPasswordTold: 'Almeno 10 caratteri.', again: 'Di nuovo la nuova password',
  notAlike: 'Le due password nuove non sono uguali.',
  passwordEnds: 'Cambiandola finiscono tutte le sessioni, anche questa: si accede di nuovo con quella nuova.',
  noticesTold: 'Che cosa si viene a sapere per e-mail, e quando. In Smista si vede sempre tutto.',
  digest: 'Una sola lettera al giorno, con tutto', digestAt: 'A che ora',
  quiet: 'Ore senza avvisi', quietFrom: 'Dalle', quietUntil: 'Alle', quietTold: 'In queste ore non parte nessuna e-mail; arriva tutto alla fine.',
  kinds: 'Avvisi per e-mail',
  kindsOf: {
    assigned: 'Una pratica mi viene assegnata', unassigned: 'Una mia pratica passa ad altri', returned: 'Una pratica torna allo smistamento', reminder: 'Una scadenza si avvicina',
    breached: 'Una scadenza è passata', sollecito: 'Lo smistamento sollecita', question: 'Lo smistamento chiede chiarimenti', answer: 'L’ufficio ha risposto',
    glass: 'Qualcuno legge con accesso motivato una pratica dell’ufficio', absence: 'Comincio a sostituire qualcuno', 'absence-ended': 'Finisce una sostituzione',
    'to-approve': 'Una risposta attende la mia approvazione', 'sent-back': 'Una mia risposta non è stata approvata', 'not-sent': 'Una risposta non è partita',
    undelivered: 'Una risposta non è stata consegnata', 'no-receipt': 'Una ricevuta non è arrivata', suspect: 'Una ricevuta è sospetta', followed: 'Novità su una pratica che seguo',
  },
  always: 'sempre',
  saved: 'Preferenze salvate',
  tokensTold: 'Con un token un programma usa Smista a nome tuo, con i tuoi permessi e non di più. Il segreto si vede una volta sola.',
  noTokens: 'Nessun token.',
  tokenName: 'A che cosa serve', tokenScopes: 'Che cosa può', tokenExpires: 'Scade il', tokenMade: 'Creato', tokenUsed: 'Ultimo uso', tokenState: 'Stato', neverUsed: 'mai usato',
  scopes: { READ: 'vedere i movimenti', CONTENT: 'leggere i contenuti', WRITE: 'dare comandi' } satisfies Record<TokenScope, string>,
  make: 'Crea token', secret: 'Token creato: copiarlo ora, poi non si rivede.',
  revoke: 'Revoca', revokeTitle: (name: string) => `Revocare «${name}»?`, revokeImpact: 'I programmi che lo usano non entrano più, subito. Per tornare indietro occorre creare un altro token.',
  typeName: (name: string) => `Per confermare, scrivere: ${name}`,
  revoked: 'Token revocato', isRevoked: (at: string) => `revocato il ${at}`, isOver: 'scaduto',
};

const en: typeof it = {
  title: 'My profile',
  sectionsLabel: 'Sections of the profile',
  sections: { profile: 'Profile', notices: 'Notices', absences: 'Absences', templates: 'Templates and signature', tokens: 'Tokens for programs' },
  name: 'Name', email: 'E-mail address', roles: 'Roles', none: 'none',
  rolesTold: 'Name and roles are changed by an administrator.',
  language: 'Language', languageTold: 'Of the page and of notices.', languages: { IT: 'Italiano', EN: 'English' },
  languageSet: 'Language saved',
  password: 'Change password', oldPassword: 'Present password', newPassword: 'New password', newPasswordTold: 'At least 10 characters.', again: 'The new password again',
  notAlike: 'The two new passwords differ.',
  passwordEnds: 'Changing it ends all sessions, this one too: sign in again with the new one.',
  noticesTold: 'What is told by e-mail, and when. Smista itself always shows everything.',
  digest: 'One letter a day, with everything', digestAt: 'At what time',
  quiet: 'Hours without notices', quietFrom: 'From', quietUntil: 'Until', quietTold: 'In these hours no e-mail leaves; all comes at the end.',
  kinds: 'Notices by e-mail',
  kindsOf: {
    assigned: 'A case is assigned to me', unassigned: 'A case of mine goes to somebody else', returned: 'A case comes back to the desk', reminder: 'A deadline comes near',
    breached: 'A deadline has passed', sollecito: 'The desk reminds', question: 'The desk asks', answer: 'The office answered',
    glass: 'Somebody breaks the glass of a case of the office', absence: 'I begin to stand in for somebody', 'absence-ended': 'Standing in ends',
    'to-approve': 'A reply waits for my approval', 'sent-back': 'A reply of mine was not approved', 'not-sent': 'A reply did not leave',
    undelivered: 'A reply was not delivered', 'no-receipt': 'A receipt is missing', suspect: 'A receipt is suspect', followed: 'News of a case that I follow',
  },
  always: 'always',
  saved: 'Preferences saved',
  tokensTold: 'With a token a program uses Smista in your name, with your rights and no more. Its secret is shown once.',
  noTokens: 'No token.',
  tokenName: 'What it is for', tokenScopes: 'What it may do', tokenExpires: 'Ends on', tokenMade: 'Made', tokenUsed: 'Last used', tokenState: 'State', neverUsed: 'never used',
  scopes: { READ: 'see movements', CONTENT: 'read content', WRITE: 'command' },
  make: 'Make a token', secret: 'Token made: copy it now, it is not shown again.',
  revoke: 'Revoke', revokeTitle: (name) => `Revoke “${name}”?`, revokeImpact: 'Programs that use it are kept out at once. To go back, make another token.',
  typeName: (name) => `To confirm, type: ${name}`,
  revoked: 'Token revoked', isRevoked: (at) => `revoked on ${at}`, isOver: 'over',
};

export type MeWords = typeof it;
export const words = { it, en };
