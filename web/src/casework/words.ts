import type { CaseOutcome, CasePriority } from '../generated/graphql';
import { forms as italian } from '../words/it';
import type { Doing } from './acts';

const englishPlurals = new Intl.PluralRules('en');
function english(n: number, one: string, other: string): string {
  return englishPlurals.select(n) === 'one' ? one : other;
}

const it = {
  more: 'Altri comandi',
  of: (number: string) => `Comandi della pratica ${number}`,
  noCommands: 'Su questa pratica non puoi fare niente.',
  inHand: (name: string) => `In mano a ${name}`, inYourHand: 'In mano a te', wantedBy: 'Qualcuno ha chiesto il passaggio del carico.', handOver: 'Cedi', goOn: 'Continua tu',
  anyway: (title: string) => `${title} comunque`,
  see: 'Vedi com’è ora',
  changed: (what: string, who: string, at: string) => `${what} da ${who} alle ${at}`,
  refused: (title: string, why: string) => `Non fatto (${title}): ${why}`,
  partly: (done: number, all: number, why: string) => `Fatto per ${done} di ${all}. ${why}`,
  many: (n: number) => italian(n, '1 pratica', `${n} pratiche`),
  undone: 'Annullato',
  takenBack: 'annullato subito dopo',
  required: 'Da compilare',
  confirm: 'Conferma',
  cancel: 'Lascia stare',
  changes: {
    assignedTo: (person: string) => `Già assegnata a ${person}`, assigned: 'Già assegnata', unassigned: 'Tolta a chi l’aveva', taken: 'Già presa',
    sortedTo: (office: string) => `Già smistata a ${office}`, sorted: 'Già smistata',
    returned: 'Restituita allo smistamento', takenBack: 'Ritirata', closed: 'Già evasa', reopened: 'Riaperta', prioritised: 'Priorità cambiata',
    informed: 'Uffici per conoscenza cambiati', reserved: 'Riservatezza cambiata', merged: 'Unita o separata', other: 'Cambiata',
  },
  /** As menus and buttons call each command. */
  acts: {
    SORT: 'Smista a un ufficio', ASSIGN: 'Assegna', UNASSIGN: 'Togli l’assegnazione', TAKE: 'Prendi', RETURN: 'Restituisci allo smistamento', TAKE_BACK: 'Ritira dall’ufficio',
    REOPEN: 'Riapri', BREAK_GLASS: 'Accedi con motivazione', NOTE: 'Aggiungi una nota', REMIND: 'Sollecita l’ufficio', ASK: 'Chiedi chiarimenti all’ufficio',
    CLOSE: 'Evadi', PRIORITISE: 'Cambia la priorità', INFORM: 'Uffici per conoscenza', RESERVE: 'Rendi riservata', UNRESERVE: 'Togli la riservatezza',
    MERGE: 'Unisci a un’altra pratica', UNMERGE: 'Separa dalla pratica', ANSWER: 'Rispondi allo smistamento', KEEP_CLAIM: 'Continua tu',
    FOLLOW: 'Segui', UNFOLLOW: 'Non seguire più', CLAIM: 'Prendi in carico', WANT_CLAIM: 'Chiedi il passaggio', RELEASE: 'Lascia il carico',
  } satisfies Record<Doing, string>,
  readers: 'Cambia chi la legge',
  outward: { print: 'Stampa', printCase: 'Stampa la pratica', folder: 'Scarica il fascicolo', folderTold: 'Un file zip con gli originali, gli allegati e le ricevute' },
  reply: 'Rispondi', replyAll: 'Rispondi a tutti', forward: 'Inoltra', write: 'Scrivi una nuova PEC',
  noMessage: 'Non c’è una PEC a cui rispondere.',
  /** What is told when it is done. */
  done: {
    SORT: (to: string) => `Smistata a ${to}`, ASSIGN: (to: string) => `Assegnata a ${to}`, UNASSIGN: () => 'Di nuovo da assegnare', TAKE: () => 'Ora è tua', RETURN: () => 'Restituita allo smistamento',
    TAKE_BACK: () => 'Di nuovo da smistare', REOPEN: () => 'Riaperta', BREAK_GLASS: () => 'Contenuto leggibile per quattro ore: il capo ufficio è stato avvisato',
    NOTE: () => 'Nota aggiunta', REMIND: () => 'Sollecito inviato all’ufficio', ASK: () => 'Richiesta inviata: i termini sono sospesi fino alla risposta',
    CLOSE: (how: string) => `Evasa: ${how}`, PRIORITISE: (to: string) => `Priorità: ${to}`, INFORM: (to: string) => (to ? `Per conoscenza a ${to}` : 'Nessun ufficio per conoscenza'),
    RESERVE: () => 'Ora è riservata', UNRESERVE: () => 'Non è più riservata', MERGE: (into: string) => `Unita alla pratica ${into}`, UNMERGE: () => 'Di nuovo una pratica a sé',
    ANSWER: () => 'Risposta inviata allo smistamento', KEEP_CLAIM: () => 'Il carico resta a te', FOLLOW: () => 'Sarai avvisato di ciò che cambia',
    UNFOLLOW: () => 'Non sarai più avvisato', CLAIM: () => 'Presa in carico', WANT_CLAIM: () => 'Richiesta inviata: senza risposta entro 30 secondi puoi prenderla in carico tu',
    RELEASE: () => 'Carico lasciato',
  } satisfies Record<Doing, (what: string) => string>,
  outcomes: {
    ANSWERED: 'Risposta inviata per PEC', NO_ANSWER_NEEDED: 'Presa d’atto, nessuna risposta necessaria', ANSWERED_ELSEWHERE: 'Risposta data con altri mezzi',
    NOT_COMPETENT: 'Non di competenza dell’ente', DUPLICATE: 'Doppione di un’altra pratica', SPAM: 'Indesiderata', OTHER: 'Altro (dirlo nella nota)',
  } satisfies Record<CaseOutcome, string>,
  priorities: { URGENT: 'Urgente', HIGH: 'Alta', NORMAL: 'Normale', LOW: 'Bassa' } satisfies Record<CasePriority, string>,
  ask: {
    RETURN: { label: 'Motivo della restituzione', hint: 'Lo smistamento lo legge accanto alla PEC.' },
    TAKE_BACK: { label: 'Motivo del ritiro', hint: '' },
    UNASSIGN: { label: 'Motivo', hint: 'Lo riceve chi l’aveva; la pratica torna tra quelle da assegnare.' },
    REOPEN: { label: 'Motivo della riapertura', hint: 'Resta nella cronologia.' },
    BREAK_GLASS: { label: 'Motivo dell’accesso', hint: 'Il capo ufficio è avvisato subito; il motivo resta nel registro.' },
    NOTE: { label: 'Nota', hint: 'La leggono tutti quelli che leggono la pratica.' },
    REMIND: { label: 'Testo del sollecito', hint: '' },
    ASK: { label: 'Che cosa serve sapere', hint: 'I termini restano sospesi fino alla risposta.' },
    ANSWER: { label: 'Risposta', hint: '' },
    MERGE: { label: 'Motivo', hint: '' },
  },
  close: { outcome: 'Esito', note: 'Nota' },
  priority: 'Priorità',
  assign: {
    person: 'Persona', placeholder: 'Lettere del nome', note: 'Nota per chi la riceve', noteWanted: 'Motivo (l’ufficio lo chiede)',
    head: 'capo ufficio', deputy: 'vice', load: (open: number) => italian(open, '1 aperta', `${open} aperte`),
    late: (n: number) => italian(n, '1 scaduta', `${n} scadute`), dueSoon: (n: number) => `${n} in scadenza`, has: 'ce l’ha ora', you: 'tu',
    away: (until: string, standsIn: string) => `assente fino al ${until}: sostituisce ${standsIn}`,
    awayAsks: (person: string, until: string, standsIn: string) => `${person} è assente fino al ${until}. La pratica andrà a ${standsIn}, che sostituisce, e tornerà con il rientro.`,
    toStandIn: (standsIn: string) => `Assegna a ${standsIn}`,
    other: 'Scegli un’altra persona',
  },
  pick: {
    find: 'Cerca', offices: 'Uffici che la ricevono per conoscenza', readers: 'Persone che la leggono, oltre a te', chosen: (n: number) => italian(n, '1 scelto', `${n} scelti`),
  },
  merge: { find: 'Pratica in cui unirla', placeholder: 'Numero, o 3 lettere di oggetto o mittente', empty: 'Nessun’altra pratica aperta dell’ufficio.', same: 'Cerca fra le pratiche aperte dello stesso ufficio' },
};

export type CaseworkWords = typeof it;

const en: CaseworkWords = {
  more: 'More commands',
  of: (number) => `Commands of case ${number}`,
  noCommands: 'There is nothing that you can do to this case.',
  inHand: (name) => `In charge: ${name}`, inYourHand: 'You are in charge', wantedBy: 'Somebody asked to take over.', handOver: 'Hand over', goOn: 'Go on',
  anyway: (title) => `${title} anyway`,
  see: 'See how it is now',
  changed: (what, who, at) => `${what} by ${who} at ${at}`,
  refused: (title, why) => `Not done (${title}): ${why}`,
  partly: (done, all, why) => `Done for ${done} of ${all}. ${why}`,
  many: (n) => english(n, '1 case', `${n} cases`),
  undone: 'Undone',
  takenBack: 'taken back at once',
  required: 'Fill this in',
  confirm: 'Confirm',
  cancel: 'Leave it',
  changes: {
    assignedTo: (person) => `Already assigned to ${person}`, assigned: 'Already assigned', unassigned: 'Taken from who had it', taken: 'Already taken',
    sortedTo: (office) => `Already sorted to ${office}`, sorted: 'Already sorted',
    returned: 'Returned to the desk', takenBack: 'Taken back', closed: 'Already closed', reopened: 'Reopened', prioritised: 'Priority changed',
    informed: 'Informed offices changed', reserved: 'Confidentiality changed', merged: 'Merged or separated', other: 'Changed',
  },
  acts: {
    SORT: 'Sort to an office', ASSIGN: 'Assign', UNASSIGN: 'Unassign', TAKE: 'Take', RETURN: 'Return to the desk', TAKE_BACK: 'Take back from the office',
    REOPEN: 'Reopen', BREAK_GLASS: 'Read for a reason', NOTE: 'Add a note', REMIND: 'Remind the office', ASK: 'Ask the office',
    CLOSE: 'Close', PRIORITISE: 'Change priority', INFORM: 'Offices for information', RESERVE: 'Make confidential', UNRESERVE: 'End confidentiality',
    MERGE: 'Merge into another case', UNMERGE: 'Separate from the case', ANSWER: 'Answer the desk', KEEP_CLAIM: 'Go on',
    FOLLOW: 'Follow', UNFOLLOW: 'Stop following', CLAIM: 'Take charge', WANT_CLAIM: 'Ask to take over', RELEASE: 'Give up charge',
  },
  readers: 'Change who reads it',
  outward: { print: 'Print', printCase: 'Print the case', folder: 'Download the file of the case', folderTold: 'A zip file with the originals, the attachments and the receipts' },
  reply: 'Reply', replyAll: 'Reply to all', forward: 'Forward', write: 'Write a new PEC',
  noMessage: 'There is no PEC to answer.',
  done: {
    SORT: (to) => `Sorted to ${to}`, ASSIGN: (to) => `Assigned to ${to}`, UNASSIGN: () => 'To be assigned again', TAKE: () => 'It is yours now', RETURN: () => 'Returned to the desk',
    TAKE_BACK: () => 'To be sorted again', REOPEN: () => 'Reopened', BREAK_GLASS: () => 'Readable for four hours: the head of the office was told',
    NOTE: () => 'Note added', REMIND: () => 'The office was reminded', ASK: () => 'Asked: the terms stand still until the answer',
    CLOSE: (how) => `Closed: ${how}`, PRIORITISE: (to) => `Priority: ${to}`, INFORM: (to) => (to ? `For information to ${to}` : 'No office for information'),
    RESERVE: () => 'It is confidential now', UNRESERVE: () => 'No longer confidential', MERGE: (into) => `Merged into case ${into}`, UNMERGE: () => 'A case of its own again',
    ANSWER: () => 'The desk was answered', KEEP_CLAIM: () => 'You keep charge', FOLLOW: () => 'You will be told of changes',
    UNFOLLOW: () => 'You will not be told any longer', CLAIM: () => 'You took charge', WANT_CLAIM: () => 'Asked: without an answer in 30 seconds you can take charge',
    RELEASE: () => 'Charge given up',
  },
  outcomes: {
    ANSWERED: 'Answered by PEC', NO_ANSWER_NEEDED: 'Taken note of, no answer needed', ANSWERED_ELSEWHERE: 'Answered by other means',
    NOT_COMPETENT: 'Not a matter of this organisation', DUPLICATE: 'Duplicate of another case', SPAM: 'Unwanted', OTHER: 'Other (say how in the note)',
  },
  priorities: { URGENT: 'Urgent', HIGH: 'High', NORMAL: 'Normal', LOW: 'Low' },
  ask: {
    RETURN: { label: 'Why it is returned', hint: 'The desk reads it beside the PEC.' },
    TAKE_BACK: { label: 'Why it is taken back', hint: '' },
    UNASSIGN: { label: 'Why', hint: 'Who had it is told; the case is to be assigned again.' },
    REOPEN: { label: 'Why it is reopened', hint: 'It stays in the history.' },
    BREAK_GLASS: { label: 'Why you need to read it', hint: 'The head of the office is told at once; the reason stays in the register.' },
    NOTE: { label: 'Note', hint: 'Everybody who reads the case reads it.' },
    REMIND: { label: 'What to remind of', hint: '' },
    ASK: { label: 'What you need to know', hint: 'The terms stand still until the answer.' },
    ANSWER: { label: 'Answer', hint: '' },
    MERGE: { label: 'Why', hint: '' },
  },
  close: { outcome: 'Outcome', note: 'Note' },
  priority: 'Priority',
  assign: {
    person: 'Person', placeholder: 'Letters of the name', note: 'Note for who gets it', noteWanted: 'Reason (the office asks for it)',
    head: 'head', deputy: 'deputy', load: (open) => `${open} open`,
    late: (n) => `${n} overdue`, dueSoon: (n) => `${n} due soon`, has: 'has it now', you: 'you',
    away: (until, standsIn) => `away until ${until}: ${standsIn} stands in`,
    awayAsks: (person, until, standsIn) => `${person} is away until ${until}. The case will go to ${standsIn}, who stands in, and come back on return.`,
    toStandIn: (standsIn) => `Assign to ${standsIn}`,
    other: 'Choose somebody else',
  },
  pick: {
    find: 'Search', offices: 'Offices that get it for information', readers: 'People who read it, besides you', chosen: (n) => `${n} chosen`,
  },
  merge: { find: 'Case to merge it into', placeholder: 'Number, or 3 letters of subject or sender', empty: 'No other open case of the office.', same: 'Search the open cases of the same office' },
};

export const words = { it, en };
