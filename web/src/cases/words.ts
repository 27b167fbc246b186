import type { CaseStatus, InquiryKind, ReplyState, TermKind } from '../generated/graphql';
import type { IconName } from '../shell/icon';
import { forms } from '../words/it';

const plurals = new Intl.PluralRules('en');
function english(n: number, one: string, other: string): string {
  return plurals.select(n) === 'one' ? one : other;
}

/** The picture of a status, which stands beside its name. */
export const statusIcons: Record<CaseStatus, IconName> = {
  TO_SORT: 'sort', TO_ASSIGN: 'inbox', IN_PROGRESS: 'person', ANSWERING: 'send', CLOSED: 'check', MERGED: 'archive',
};

const it = {
  number: (n: string) => `Pratica ${n}`,
  back: 'Torna all’elenco', previous: 'Pratica precedente', next: 'Pratica seguente', place: (at: number, of: number) => `${at} di ${of}`,
  head: 'Pratica', conversation: 'Messaggi', beside: 'Informazioni sulla pratica', actions: 'Comandi della pratica',
  received: 'Ricevuta', office: 'Ufficio', atDesk: 'Allo smistamento', assignee: 'Assegnata a', nobody: 'Nessuno', onBehalf: (name: string) => `al posto di ${name}`,
  mailbox: 'Casella', informed: 'Per conoscenza', why: 'Perché è qui', outcome: 'Esito', closedAt: (at: string) => `il ${at}`,
  notRead: 'Note e scadenze non si sono potute leggere.',
  reserved: 'Riservata', mergedInto: 'Unita alla pratica', unreadable: 'Il contenuto non è visibile a te: ne vedi i movimenti.',
  priority: (name: string) => `Priorità ${name.toLowerCase()}`,
  due: { ASSIGN: 'Assegnare entro', WORK: 'Lavorare entro', ANSWER: 'Rispondere entro' } satisfies Record<TermKind, string>,
  breached: (at: string) => `Scaduta il ${at}`,
  standing: 'Termine sospeso',
  left: (n: number) => forms(n, '1 giorno lavorativo', `${n} giorni lavorativi`),
  today: 'oggi',
  terms: {
    title: 'Scadenze', none: 'Nessun termine per questa pratica.', kinds: { ASSIGN: 'Assegnazione', WORK: 'Lavorazione', ANSWER: 'Risposta' } satisfies Record<TermKind, string>,
    policies: { rule: 'dalla regola', mailbox: 'dalla casella', office: 'dall’ufficio', house: 'dell’ente' } as Record<string, string>,
    units: { 'working days': (n: number) => forms(n, '1 giorno lavorativo', `${n} giorni lavorativi`), 'working hours': (n: number) => forms(n, '1 ora lavorativa', `${n} ore lavorative`), days: (n: number) => forms(n, '1 giorno', `${n} giorni`) } as Record<string, (n: number) => string>,
    from: (amount: string, at: string, policy: string) => `${amount} dal ${at}, termine ${policy}`,
    due: (at: string) => `Scade il ${at}`, met: (at: string) => `Rispettato il ${at}`, metLate: (at: string) => `Concluso in ritardo il ${at}`, breached: (at: string) => `Scaduto il ${at}`, suspended: 'Sospeso',
    how: 'Come è calcolata', counted: (from: string, to: string, n: number) => `dal ${from} al ${to}: contati ${n} giorni`,
  },
  notes: {
    title: 'Note', none: 'Ancora nessuna nota.', label: 'Nuova nota', hint: 'La leggono tutti quelli che leggono la pratica.', save: 'Salva la nota', sending: 'Si salva…', keys: 'Ctrl+Invio salva',
    earlier: 'Ci sono note precedenti.', you: 'tu', unsaved: 'La nota che stavi scrivendo (non salvata)', discard: 'Scarta',
  },
  inquiries: {
    title: 'Richieste dello smistamento', kinds: { SOLLECITO: 'Sollecito', CLARIFICATION: 'Richiesta di chiarimenti' } satisfies Record<InquiryKind, string>,
    asked: (who: string, office: string, at: string) => `${who} a ${office}, ${at}`, answered: (who: string, at: string) => `${who}, ${at}`, waiting: 'Aspetta risposta', answer: 'Rispondi allo smistamento',
  },
  thread: {
    noMail: 'Nessun messaggio.', more: 'Mostra gli altri messaggi', from: (who: string) => `Da ${who}`, to: (who: string) => `A ${who}`, sent: 'Inviata da noi', show: 'Mostra', hide: 'Nascondi',
    arrived: 'C’è un messaggio nuovo in fondo', reply: 'Rispondi a questo messaggio', files: (n: number) => forms(n, '1 allegato', `${n} allegati`), others: 'Ci sono risposte più vecchie di queste.',
    failed: 'I messaggi non si sono potuti leggere.',
  },
  reply: {
    titles: { NEW: 'PEC nuova', REPLY: 'Risposta', REPLY_ALL: 'Risposta a tutti', FORWARD: 'Inoltro' },
    states: {
      DRAFT: 'Bozza', AWAITING_APPROVAL: 'Da approvare', QUEUED: 'In coda per l’invio', SENDING: 'In invio', UNCERTAIN: 'Esito incerto', SENT: 'Inviata', REFUSED: 'Non inviata', DISCARDED: 'Cestinata',
    } satisfies Record<ReplyState, string>,
    told: {
      DRAFT: (who: string, at: string) => `Scritta da ${who}, ultima modifica ${at}`, by: (who: string, at: string) => `Inviata da ${who}, ${at}`, submitted: (who: string) => `Inviata da ${who}`,
      uncertain: 'Non si sa se il gestore l’abbia presa: non viene rimandata da sola. Una persona deve decidere.',
      approved: (who: string) => `Approvata da ${who}`, sentBack: (who: string) => `Rimandata da ${who}`, of: (done: number, all: number) => `${done} di ${all} approvazioni`, editing: (names: string) => `La sta scrivendo ${names}`,
    },
    resume: 'Continua la bozza', open: 'Apri', review: 'Vedi e approva', decide: 'Decidi', text: 'Testo inviato', editor: 'Risposta in scrittura',
  },
};

export type CaseWords = typeof it;

const en: CaseWords = {
  number: (n) => `Case ${n}`,
  back: 'Back to the list', previous: 'Previous case', next: 'Next case', place: (at, of) => `${at} of ${of}`,
  head: 'Case', conversation: 'Messages', beside: 'About the case', actions: 'Commands of the case',
  received: 'Received', office: 'Office', atDesk: 'At the desk', assignee: 'Assigned to', nobody: 'Nobody', onBehalf: (name) => `for ${name}`,
  mailbox: 'Mailbox', informed: 'For information', why: 'Why it is here', outcome: 'Outcome', closedAt: (at) => `on ${at}`,
  notRead: 'Notes and deadlines could not be read.',
  reserved: 'Confidential', mergedInto: 'Merged into case', unreadable: 'You may not read what it says: you see its movements.',
  priority: (name) => `${name} priority`,
  due: { ASSIGN: 'Assign by', WORK: 'Work by', ANSWER: 'Answer by' },
  breached: (at) => `Overdue since ${at}`,
  standing: 'Term standing still',
  left: (n) => english(n, '1 working day', `${n} working days`),
  today: 'today',
  terms: {
    title: 'Deadlines', none: 'No term for this case.', kinds: { ASSIGN: 'Assignment', WORK: 'Work', ANSWER: 'Answer' },
    policies: { rule: 'of the rule', mailbox: 'of the mailbox', office: 'of the office', house: 'of the house' },
    units: { 'working days': (n) => english(n, '1 working day', `${n} working days`), 'working hours': (n) => english(n, '1 working hour', `${n} working hours`), days: (n) => english(n, '1 day', `${n} days`) },
    from: (amount, at, policy) => `${amount} from ${at}, term ${policy}`,
    due: (at) => `Due on ${at}`, met: (at) => `Met on ${at}`, metLate: (at) => `Done late on ${at}`, breached: (at) => `Breached on ${at}`, suspended: 'Standing still',
    how: 'How it is reckoned', counted: (from, to, n) => `from ${from} to ${to}: ${n} days counted`,
  },
  notes: {
    title: 'Notes', none: 'No notes yet.', label: 'New note', hint: 'Everybody who reads the case reads it.', save: 'Save note', sending: 'Saving…', keys: 'Ctrl+Enter saves',
    earlier: 'There are earlier notes.', you: 'you', unsaved: 'The note that you were writing (not saved)', discard: 'Discard',
  },
  inquiries: {
    title: 'Asked by the desk', kinds: { SOLLECITO: 'Reminder', CLARIFICATION: 'Question' },
    asked: (who, office, at) => `${who} to ${office}, ${at}`, answered: (who, at) => `${who}, ${at}`, waiting: 'Waits for an answer', answer: 'Answer the desk',
  },
  thread: {
    noMail: 'No messages.', more: 'Show the other messages', from: (who) => `From ${who}`, to: (who) => `To ${who}`, sent: 'Sent by us', show: 'Show', hide: 'Hide',
    arrived: 'There is a new message at the end', reply: 'Reply to this message', files: (n) => english(n, '1 attachment', `${n} attachments`), others: 'There are older replies than these.',
    failed: 'The messages could not be read.',
  },
  reply: {
    titles: { NEW: 'New PEC', REPLY: 'Reply', REPLY_ALL: 'Reply to all', FORWARD: 'Forward' },
    states: {
      DRAFT: 'Draft', AWAITING_APPROVAL: 'To be approved', QUEUED: 'Waiting to leave', SENDING: 'Being sent', UNCERTAIN: 'Outcome unknown', SENT: 'Sent', REFUSED: 'Not sent', DISCARDED: 'Thrown away',
    },
    told: {
      DRAFT: (who, at) => `Written by ${who}, last changed ${at}`, by: (who, at) => `Sent by ${who}, ${at}`, submitted: (who) => `Sent by ${who}`,
      uncertain: 'Nobody knows whether the provider took it: it is not sent again by itself. A person has to decide.',
      approved: (who) => `Approved by ${who}`, sentBack: (who) => `Sent back by ${who}`, of: (done, all) => `${done} of ${all} approvals`, editing: (names) => `Being written by ${names}`,
    },
    resume: 'Go on with the draft', open: 'Open', review: 'See and approve', decide: 'Decide', text: 'What was sent', editor: 'Reply being written',
  },
};

export const words = { it, en };
