// The texts of the offices' section.

import { forms } from '../../words/it';

const it = {
  said: 'Gli uffici che lavorano le pratiche, ciascuno con le sue abitudini. Un ufficio resta nella storia di ogni pratica: non si elimina.',
  none: 'Nessun ufficio: aggiungere il primo.',
  search: 'Cercare un ufficio',
  add: 'Nuovo ufficio',
  addTitle: 'Nuovo ufficio',
  editTitle: (name: string) => `Ufficio: ${name}`,
  name: 'Nome', code: 'Codice', codeTold: 'Breve, senza spazi, per esempio «tributi». Non si cambia più.',
  codeTaken: 'C’è già un ufficio con questo codice.',
  parent: 'Ufficio superiore', noParent: 'Nessuno',
  head: 'Capo ufficio', noHead: 'Senza capo', deputy: (name: string) => `${name} (sostituto)`,
  people: 'Persone',
  habits: 'Abitudini',
  mailboxes: 'Caselle',
  approvals: 'Approvazioni prima dell’invio',
  approvalsOf: ['Nessuna: le risposte partono subito', 'Una: approva il capo ufficio', 'Due: approvano due persone diverse'],
  approvalsShort: (n: number) => forms(n, '1 approvazione', `${n} approvazioni`),
  habitsOf: {
    headSeesBelow: { label: 'Il capo legge anche le pratiche degli uffici sottostanti', short: 'il capo vede gli uffici sotto' },
    operatorsSeeOwn: { label: 'Gli operatori leggono solo le pratiche assegnate a loro', short: 'ognuno vede solo le sue' },
    operatorsMayTake: { label: 'Gli operatori possono prendere le pratiche non assegnate', short: 'si possono prendere le libere' },
    reasonToMove: { label: 'Per spostare una pratica serve un motivo', short: 'motivo per spostare' },
  },
  noHabits: 'quelle comuni',
  members: 'Chi ci lavora',
  membersTold: 'I ruoli si danno e si tolgono nella scheda di ciascuna persona.',
  nobody: 'Ancora nessuno: dare a una persona un ruolo in questo ufficio, nella sezione Persone.',
  roles: { HEAD: 'Capo ufficio', DEPUTY: 'Sostituto', OPERATOR: 'Operatore' },
  more: 'e altri',
  made: (name: string) => `Ufficio creato: ${name}`,
  changed: (name: string) => `Ufficio modificato: ${name}`,
};

const en: typeof it = {
  said: 'The offices that work cases, each with its habits. An office stays in the history of each case: it is not deleted.',
  none: 'No office: add the first one.',
  search: 'Find an office',
  add: 'New office',
  addTitle: 'New office',
  editTitle: (name) => `Office: ${name}`,
  name: 'Name', code: 'Code', codeTold: 'Short, without spaces, for instance “tributi”. It stays for ever.',
  codeTaken: 'There is an office with this code already.',
  parent: 'Office above', noParent: 'None',
  head: 'Head', noHead: 'No head', deputy: (name) => `${name} (deputy)`,
  people: 'People',
  habits: 'Habits',
  mailboxes: 'Mailboxes',
  approvals: 'Approvals before sending',
  approvalsOf: ['None: replies leave at once', 'One: by the head', 'Two: by two different people'],
  approvalsShort: (n) => (n === 1 ? '1 approval' : `${n} approvals`),
  habitsOf: {
    headSeesBelow: { label: 'Its head also reads the cases of the offices below', short: 'head sees below' },
    operatorsSeeOwn: { label: 'Operators read only the cases assigned to them', short: 'everyone sees only their own' },
    operatorsMayTake: { label: 'Operators may take cases that nobody has', short: 'free cases may be taken' },
    reasonToMove: { label: 'Moving a case asks for a reason', short: 'reason to move' },
  },
  noHabits: 'the common ones',
  members: 'Who works there',
  membersTold: 'Roles are given and taken on the page of each person.',
  nobody: 'Nobody yet: give a person a role in this office, in the section People.',
  roles: { HEAD: 'Head', DEPUTY: 'Deputy', OPERATOR: 'Operator' },
  more: 'and others',
  made: (name) => `Office made: ${name}`,
  changed: (name) => `Office changed: ${name}`,
};

export type OfficeWords = typeof it;
export const words = { it, en };
