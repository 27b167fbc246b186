// The texts about working without a network.

import { forms } from '../words/it';

const plurals = new Intl.PluralRules('en');
const formsEn = (n: number, one: string, other: string): string => (plurals.select(n) === 'one' ? one : other);

const it = {
  queued: (n: number) => `In attesa di rete (${n})`,
  toReview: (n: number) => forms(n, '1 azione da rivedere', `${n} azioni da rivedere`),
  review: 'Azioni fatte senza rete',
  reviewNow: 'Rivedi',
  nothingQueued: 'Nessuna azione attende la rete.',
  waits: (goal: string) => `In attesa di rete → ${goal}`,
  refused: { SORT: (goal: string) => `Da rivedere: non smistata a ${goal}`, ASSIGN: (goal: string) => `Da rivedere: non assegnata a ${goal}` },
  queuedNow: {
    SORT: (n: number, goal: string) => forms(n, `Va a ${goal} appena torna la rete`, `${n} PEC vanno a ${goal} appena torna la rete`),
    ASSIGN: (n: number, goal: string) => forms(n, `Va a ${goal} appena torna la rete`, `${n} pratiche vanno a ${goal} appena torna la rete`),
  },
  replayed: (n: number) => forms(n, 'La rete è tornata: 1 azione in attesa è stata fatta', `La rete è tornata: ${n} azioni in attesa sono state fatte`),
  notReplayed: (n: number) => forms(n, '1 azione fatta senza rete non è riuscita', `${n} azioni fatte senza rete non sono riuscite`),
  wanted: { SORT: (goal: string, at: string) => `alle ${at} volevi smistarla a ${goal}`, ASSIGN: (goal: string, at: string) => `alle ${at} volevi assegnarla a ${goal}` },
  meanwhile: (what: string) => `Nel frattempo: ${what}.`,
  anyway: { SORT: 'Smista comunque', ASSIGN: 'Assegna comunque' },
  leave: 'Lascia così',
  takeBackReason: 'Smistata senza rete da chi la vedeva ancora da smistare',
  giveUp: 'Annulla l’azione',
  close: 'Chiudi',
  textKept: (at: string) => `Testo conservato su questo dispositivo alle ${at}. Immagini e allegati si leggono quando torna la rete.`,
  textRefused: 'Questo messaggio non è più visibile a te.',
  textNotKept: 'Senza rete si leggono solo le PEC già aperte su questo dispositivo.',
  loseQueue: (n: number) => forms(n, '1 azione attende la rete e andrebbe persa. Uscire comunque?', `${n} azioni attendono la rete e andrebbero perse. Uscire comunque?`),
};

const en: typeof it = {
  queued: (n) => `Waiting for the network (${n})`,
  toReview: (n) => formsEn(n, '1 action to review', `${n} actions to review`),
  review: 'Actions made offline',
  reviewNow: 'Review',
  nothingQueued: 'No action waits for the network.',
  waits: (goal) => `Waiting for the network → ${goal}`,
  refused: { SORT: (goal) => `To review: not sorted to ${goal}`, ASSIGN: (goal) => `To review: not assigned to ${goal}` },
  queuedNow: {
    SORT: (n, goal) => formsEn(n, `Offline: it goes to ${goal} once the network is back`, `Offline: ${n} PECs go to ${goal} once the network is back`),
    ASSIGN: (n, goal) => formsEn(n, `Offline: it goes to ${goal} once the network is back`, `Offline: ${n} cases go to ${goal} once the network is back`),
  },
  replayed: (n) => formsEn(n, 'The network is back: 1 waiting action was done', `The network is back: ${n} waiting actions were done`),
  notReplayed: (n) => formsEn(n, '1 action made offline did not succeed', `${n} actions made offline did not succeed`),
  wanted: { SORT: (goal, at) => `at ${at} you wanted to sort it to ${goal}`, ASSIGN: (goal, at) => `at ${at} you wanted to assign it to ${goal}` },
  meanwhile: (what) => `Meanwhile: ${what}.`,
  anyway: { SORT: 'Sort anyway', ASSIGN: 'Assign anyway' },
  leave: 'Leave it so',
  takeBackReason: 'Sorted offline by somebody who still saw it unsorted',
  giveUp: 'Cancel the action',
  close: 'Close',
  textKept: (at) => `Text kept on this device at ${at}. Images and attachments can be read when the network is back.`,
  textRefused: 'You may no longer read this message.',
  textNotKept: 'Offline, only PECs that were opened on this device can be read.',
  loseQueue: (n) => formsEn(n, '1 action waits for the network and would be lost. Sign out anyway?', `${n} actions wait for the network and would be lost. Sign out anyway?`),
};

export const words = { it, en };
