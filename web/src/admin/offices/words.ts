// The texts of the offices' section.

import { forms } from '../../words/it';

interface OpenCounts {
  toAssign: number;
  inProgress: number;
  answering: number;
}

const it = {
  said: 'Gli uffici che lavorano le pratiche, ciascuno con le sue abitudini. Un ufficio resta nella storia di ogni pratica: non si elimina, si chiude o si unisce a un altro.',
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
  isClosed: (day: string) => `chiuso il ${day}`,
  workWent: (name: string) => `il lavoro è passato a ${name}`, workWentToDesk: 'il lavoro è tornato allo smistamento',
  showClosed: (n: number) => forms(n, 'Mostrare l’ufficio chiuso', `Mostrare i ${n} uffici chiusi`),
  closeVerb: 'Chiudi o unisci…', reopen: 'Riapri', reopened: (name: string) => `Ufficio riaperto: ${name}`,
  closeTitle: (name: string) => `Chiudere o unire: ${name}`,
  close: 'Chiudi l’ufficio', merge: 'Unisci gli uffici',
  moveTo: 'Le pratiche aperte vanno', toDesk: 'allo smistamento',
  takePeople: (name: string) => `Le persone passano a ${name}`,
  takePeopleTold: 'Come operatori: chi guida quell’ufficio non cambia. Chi ha in mano una pratica la tiene.',
  impact: 'Che cosa succede',
  openCases: (n: number, c: OpenCounts, heir: string | null) => (n === 0 ? 'Nessuna pratica aperta.' : `${forms(n, '1 pratica aperta passa', `${n} pratiche aperte passano`)} ${heir === null ? 'allo smistamento' : `a ${heir}`} (${[
    ...(c.toAssign > 0 ? [`${c.toAssign} da assegnare`] : []), ...(c.inProgress > 0 ? [`${c.inProgress} in lavorazione`] : []), ...(c.answering > 0 ? [`${c.answering} in attesa di ricevute`] : []),
  ].join(', ')}), con scadenze, note e bozze; chi le aveva in mano è avvisato.`),
  peopleLeave: (n: number, deputies: number, heir: string | null) => `${forms(n, '1 persona perde subito il suo ruolo', `${n} persone perdono subito il loro ruolo`)} qui${deputies > 0 ? ` (${forms(deputies, '1 sostituto', `${deputies} sostituti`)})` : ''}${heir === null ? '.' : `, e lavora per ${heir}.`}`,
  rulesGo: (n: number, heir: string | null) => (heir === null
    ? `${forms(n, '1 regola nomina', `${n} regole nominano`)} questo ufficio.`
    : `${forms(n, '1 regola invia', `${n} regole inviano`)} d’ora in poi a ${heir}.`),
  belowHang: (n: number) => `${forms(n, '1 ufficio sottostante passa', `${n} uffici sottostanti passano`)} sotto l’ufficio superiore.`,
  closedStay: (n: number, heir: string | null) => `${forms(n, '1 pratica chiusa resta', `${n} pratiche chiuse restano`)} qui, ${heir === null ? 'e le legge solo chi legge dall’alto.' : `e le legge anche ${heir}.`}`,
  settingsStay: 'Modelli, termini e chiusure dell’ufficio restano dove sono, senza effetto.',
  wayBack: 'L’ufficio si può riaprire; persone e pratiche non tornano da sole.',
  typeName: (name: string) => `Per confermare, scrivere il nome: ${name}`,
  closed: (name: string) => `Ufficio chiuso: ${name}`,
  moving: (n: string, of: string) => `${n} di ${of} pratiche spostate`,
  moved: (n: string, to: string) => `Fatto: ${n === '1' ? 'la pratica aperta è passata' : `tutte e ${n} le pratiche aperte sono passate`} ${to === '' ? 'allo smistamento' : `a ${to}`}.`,
  movingLabel: 'Pratiche spostate', movingTold: 'Si può chiudere questa finestra: lo spostamento continua da solo.',
};

const en: typeof it = {
  said: 'The offices that work cases, each with its habits. An office stays in the history of each case: it is not deleted, but closed or merged into another one.',
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
  isClosed: (day) => `closed on ${day}`,
  workWent: (name) => `its work went to ${name}`, workWentToDesk: 'its work went back to the desk',
  showClosed: (n) => (n === 1 ? 'Show the closed office' : `Show the ${n} closed offices`),
  closeVerb: 'Close or merge…', reopen: 'Reopen', reopened: (name) => `Office reopened: ${name}`,
  closeTitle: (name) => `Close or merge: ${name}`,
  close: 'Close the office', merge: 'Merge the offices',
  moveTo: 'Open cases go', toDesk: 'to the sorting desk',
  takePeople: (name) => `Its people go along to ${name}`,
  takePeopleTold: 'As operators: who heads that office stays the same. Who has a case keeps it.',
  impact: 'What happens',
  openCases: (n, c, heir) => (n === 0 ? 'No open case.' : `${n === 1 ? '1 open case goes' : `${n} open cases go`} to ${heir ?? 'the sorting desk'} (${[
    ...(c.toAssign > 0 ? [`${c.toAssign} to be assigned`] : []), ...(c.inProgress > 0 ? [`${c.inProgress} in progress`] : []), ...(c.answering > 0 ? [`${c.answering} waiting for receipts`] : []),
  ].join(', ')}), with terms, notes and drafts; whoever had them is told.`),
  peopleLeave: (n, deputies, heir) => `${n === 1 ? '1 person loses the role' : `${n} people lose their roles`} here at once${deputies > 0 ? ` (${deputies === 1 ? '1 deputy' : `${deputies} deputies`})` : ''}${heir === null ? '.' : `, to work for ${heir}.`}`,
  rulesGo: (n, heir) => (heir === null
    ? `${n === 1 ? '1 rule names' : `${n} rules name`} this office.`
    : `${n === 1 ? '1 rule sends' : `${n} rules send`} to ${heir} from now on.`),
  belowHang: (n) => `${n === 1 ? '1 office below goes' : `${n} offices below go`} under the office above.`,
  closedStay: (n, heir) => `${n === 1 ? '1 closed case stays' : `${n} closed cases stay`} here, ${heir === null ? 'read only by who reads from above.' : `read by ${heir} too.`}`,
  settingsStay: 'Templates, terms and closures of the office stay where they are, without effect.',
  wayBack: 'The office can be reopened; people and cases do not come back by themselves.',
  typeName: (name) => `To confirm, type the name: ${name}`,
  closed: (name) => `Office closed: ${name}`,
  moving: (n, of) => `${n} of ${of} cases moved`,
  moved: (n, to) => `Done: ${n === '1' ? 'the open case' : `all ${n} open cases`} went to ${to === '' ? 'the sorting desk' : to}.`,
  movingLabel: 'Cases moved', movingTold: 'This window can be closed: the cases go on moving.',
};

export type OfficeWords = typeof it;
export const words = { it, en };
