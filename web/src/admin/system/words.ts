// The texts of the system's section.

import type { SystemCertificateOf, SystemQueueName } from '../../generated/graphql';
import { forms } from '../../words/it';

const it = {
  said: 'Che cosa gira e su che cosa poggia, se la posta arriva e se qualcosa è in arretrato. Si aggiorna da sé.',
  program: 'Programma',
  checks: { database: 'Base di dati', redis: 'Redis (più istanze)' } as Record<string, string>,
  checkOk: 'in ordine', checkFailed: 'non va: vedere il registro del server (log)',
  version: 'Versione', startedAt: 'Questa istanza gira dal',
  schema: 'Schema della base di dati', schemaOf: (kind: string, schema: string) => `${kind}, versione ${schema}`,
  instances: 'Istanze', instancesOf: (n: number | null) => (n === null ? 'collegate' : forms(n, '1 collegata', `${n} collegate`)),
  bellSilent: 'non si sentono fra loro: gli altri vedono le novità qualche secondo dopo', alone: 'solo questa',
  disk: 'Disco dei dati', diskOf: (free: string, total: string) => `${free} liberi su ${total}`,
  seal: 'Ultimo sigillo del registro', sealOf: (n: string, at: string) => `${n} movimenti, ${at}`, noSeal: 'non ancora',
  mail: 'Posta',
  mailboxes: 'Caselle', allWell: (n: number) => forms(n, '1 casella, in ordine', `${n} caselle, tutte in ordine`), someFail: (bad: number, n: number) => `${bad} su ${n} non si raccolgono`,
  lags: 'Ritardo delle caselle', mailbox: 'Casella', checkedAt: 'Ultima raccolta riuscita', never: 'mai',
  lag: 'Ritardo', lagOf: (minutes: number) => (minutes < 1 ? 'meno di un minuto' : forms(minutes, '1 minuto', `${minutes} minuti`)),
  waiting: 'Messaggi da raccogliere', setAside: 'Messaggi messi da parte', missing: 'Messaggi mancanti al confronto',
  archived: 'Messaggi archiviati (cartelle seguite)',
  work: 'Lavori', none: 'nessuno',
  queues: 'Code', queue: 'Coda', queueWaiting: 'In attesa', queueFailed: 'Non riusciti',
  queueNames: { OUTBOX: 'PEC in uscita', NOTICES: 'Avvisi per e-mail', PUSHES: 'Notifiche ai browser', SEALING: 'Movimenti da sigillare' } satisfies Record<SystemQueueName, string>,
  certificates: 'Certificati', certificatesTold: (n: number) => `Quelli che scadono per primi, di ${n}.`,
  certificateOf: 'Di che cosa', certificateSubject: 'Intestato a', certificateUntil: 'Vale fino al', certificateTrouble: 'Che cosa non va', unread: 'non si legge',
  certificateNames: { PUBLIC_URL: 'Indirizzo pubblico', PROVIDERS: 'Radice dei gestori PEC' } satisfies Record<SystemCertificateOf, string>,
  elsewhere: 'Copie di sicurezza e prove complete dell’archivio si guardano sul server: «smista verify», «smista config check».',
};

const en: typeof it = {
  said: 'What runs and on what it stands, whether mail comes in, and whether something is behind. It renews itself.',
  program: 'Program',
  checks: { database: 'Database', redis: 'Redis (several instances)' },
  checkOk: 'well', checkFailed: 'fails: see the log of the server',
  version: 'Version', startedAt: 'This instance runs since',
  schema: 'Schema of the database', schemaOf: (kind, schema) => `${kind}, version ${schema}`,
  instances: 'Instances', instancesOf: (n) => (n === null ? 'connected' : `${n} connected`),
  bellSilent: 'they do not hear each other: others see what is new some seconds later', alone: 'this one alone',
  disk: 'Disk of the data', diskOf: (free, total) => `${free} free of ${total}`,
  seal: 'Last seal of the register', sealOf: (n, at) => `${n} movements, ${at}`, noSeal: 'not yet',
  mail: 'Mail',
  mailboxes: 'Mailboxes', allWell: (n) => (n === 1 ? '1 mailbox, well' : `${n} mailboxes, all well`), someFail: (bad, n) => `${bad} of ${n} are not collected`,
  lags: 'Lag of the mailboxes', mailbox: 'Mailbox', checkedAt: 'Last collected', never: 'never',
  lag: 'Lag', lagOf: (minutes) => (minutes < 1 ? 'less than a minute' : `${minutes} min`),
  waiting: 'Messages to collect', setAside: 'Messages set aside', missing: 'Messages missing when compared',
  archived: 'Messages archived (followed folders)',
  work: 'Work', none: 'nothing',
  queues: 'Queues', queue: 'Queue', queueWaiting: 'Waiting', queueFailed: 'Failed',
  queueNames: { OUTBOX: 'PECs to be sent', NOTICES: 'E-mails to people', PUSHES: 'Pushes to browsers', SEALING: 'Movements to be sealed' },
  certificates: 'Certificates', certificatesTold: (n) => `Those that end first, of ${n}.`,
  certificateOf: 'Of what', certificateSubject: 'In the name of', certificateUntil: 'Holds until', certificateTrouble: 'What is wrong', unread: 'cannot be read',
  certificateNames: { PUBLIC_URL: 'Public address', PROVIDERS: 'Root of the PEC providers' },
  elsewhere: 'Backups and full proofs of the archive are looked at on the server: “smista verify”, “smista config check”.',
};

export const words = { it, en };
