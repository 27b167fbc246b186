// The texts of the system's section.

import { forms } from '../../words/it';

const it = {
  said: 'Se il programma risponde, se la posta arriva e se qualcosa è in arretrato.',
  program: 'Programma',
  checks: { database: 'Base di dati', redis: 'Redis (più istanze)' } as Record<string, string>,
  checkOk: 'in ordine', checkFailed: 'non va: vedere il registro del server (log)',
  mail: 'Posta',
  mailboxes: 'Caselle', allWell: (n: number) => forms(n, '1 casella, in ordine', `${n} caselle, tutte in ordine`), someFail: (bad: number, n: number) => `${bad} su ${n} non si raccolgono`,
  lag: 'Ritardo maggiore di una casella', lagOf: (minutes: number, address: string) => `${minutes < 1 ? 'meno di un minuto' : forms(minutes, '1 minuto', `${minutes} minuti`)} (${address})`,
  waiting: 'Messaggi da raccogliere', setAside: 'Messaggi messi da parte', missing: 'Messaggi mancanti al confronto',
  archived: 'Messaggi archiviati (cartelle seguite)',
  work: 'Lavori', none: 'nessuno',
  elsewhere: 'Versione, copie di sicurezza e prove dell’archivio si guardano sul server: «smista version», «smista verify», «smista config check».',
};

const en: typeof it = {
  said: 'Whether the program answers, whether mail comes in, and whether something is behind.',
  program: 'Program',
  checks: { database: 'Database', redis: 'Redis (several instances)' },
  checkOk: 'well', checkFailed: 'fails: see the log of the server',
  mail: 'Mail',
  mailboxes: 'Mailboxes', allWell: (n) => (n === 1 ? '1 mailbox, well' : `${n} mailboxes, all well`), someFail: (bad, n) => `${bad} of ${n} are not collected`,
  lag: 'Longest lag of a mailbox', lagOf: (minutes, address) => `${minutes < 1 ? 'less than a minute' : `${minutes} min`} (${address})`,
  waiting: 'Messages to collect', setAside: 'Messages set aside', missing: 'Messages missing when compared',
  archived: 'Messages archived (followed folders)',
  work: 'Work', none: 'nothing',
  elsewhere: 'Version, backups and proofs of the archive are looked at on the server: “smista version”, “smista verify”, “smista config check”.',
};

export const words = { it, en };
