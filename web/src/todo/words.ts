import type { ReplyState } from '../generated/graphql';
import { forms as italian } from '../words/it';
import type { Group } from './groups';

const englishPlurals = new Intl.PluralRules('en');
function english(n: number, one: string, other: string): string {
  return englishPlurals.select(n) === 'one' ? one : other;
}

const it = {
  title: 'Da fare',
  groups: {
    asked: 'Solleciti e richieste', late: 'Scadute', today: 'Oggi', week: 'Questa settimana', later: 'Più avanti', undated: 'Senza scadenza', waiting: 'In attesa', toTake: 'Da prendere in ufficio',
  } satisfies Record<Group, string>,
  notes: {
    asked: 'qualcuno attende una parola', late: '', today: '', week: '', later: '', undated: '', waiting: 'non serve fare niente, per ora', toTake: 'non ancora assegnate',
  } satisfies Record<Group, string>,
  empty: 'Niente da fare',
  emptyTold: 'Nessuna pratica aperta è assegnata a te. Quando te ne viene assegnata una, compare qui da sola.',
  emptyTake: 'Nessuna pratica aperta è assegnata a te. Qui sotto ci sono quelle che puoi prendere.',
  choose: 'Scegliere una pratica dall’elenco.',
  pill: (n: number) => italian(n, '1 nuova – mostra', `${n} nuove – mostra`),
  arrived: (n: number) => italian(n, 'È arrivata 1 pratica', `Sono arrivate ${n} pratiche`),
  next: {
    replyBy: (day: string) => `Rispondere entro il ${day}`,
    replyToday: (clock: string, day: string) => `Rispondere oggi entro le ${clock} (${day})`,
    replyLate: (day: string) => `Rispondere subito: scaduta il ${day}`,
    reply: 'Rispondere o evadere',
    finishBy: (day: string) => `Finire la bozza e inviarla entro il ${day}`,
    finishToday: (clock: string, day: string) => `Finire la bozza e inviarla oggi entro le ${clock} (${day})`,
    finishLate: (day: string) => `Finire la bozza e inviarla subito: scaduta il ${day}`,
    finish: 'Finire la bozza e inviarla',
    correct: (by: string, remark: string) => `Correggere la risposta rimandata da ${by}: ${remark}`,
    sendAgain: 'La risposta non è partita: riprenderla',
    settle: 'Non si sa se la risposta è partita: dire che cosa farne',
    takeBy: (day: string) => `Prenderla: scade il ${day}`,
    take: 'Prenderla',
    answerReminder: (by: string) => `Rispondere al sollecito di ${by}`,
    answerQuestion: (by: string) => `Rispondere alla richiesta di ${by}`,
    wait: { approval: 'Attendere l’approvazione', sending: 'Attendere che la risposta parta', receipts: 'Attendere le ricevute di consegna', others: 'Attendere la risposta di terzi' },
  },
  daysLeft: (n: number) => italian(n, '1 giorno lavorativo', `${n} giorni lavorativi`),
  nextItem: 'Pratica seguente', previousItem: 'Pratica precedente',
  answer: 'Rispondi al sollecito o alla richiesta',
  onBehalf: (person: string) => `al posto di ${person}`,
  priorities: { LOW: '', NORMAL: '', HIGH: 'Priorità alta', URGENT: 'Priorità urgente' },
  replies: 'Le mie risposte',
  repliesNote: 'bozze e invii non ancora conclusi',
  replyStates: {
    DRAFT: 'Bozza', AWAITING_APPROVAL: 'Attende l’approvazione', QUEUED: 'In coda', SENDING: 'In invio', UNCERTAIN: 'Esito incerto', SENT: 'Inviata', REFUSED: 'Non inviata', DISCARDED: 'Nel cestino',
  } satisfies Record<ReplyState, string>,
  sentBack: (by: string) => `Rimandata da ${by}`,
  edited: (at: string) => `modificata ${at}`,
  leaves: (at: string) => `parte alle ${at}`,
  more: 'Mostra altre',
  toNobody: '(senza destinatario)',
};

export type ToDoWords = typeof it;

const en: ToDoWords = {
  title: 'To do',
  groups: { asked: 'Reminders and questions', late: 'Overdue', today: 'Today', week: 'This week', later: 'Later', undated: 'Without a term', waiting: 'Awaiting', toTake: 'To take in the office' },
  notes: { asked: 'somebody waits for a word', late: '', today: '', week: '', later: '', undated: '', waiting: 'nothing to do for now', toTake: 'not assigned yet' },
  empty: 'Nothing to do',
  emptyTold: 'No open case is assigned to you. When one is, it appears here by itself.',
  emptyTake: 'No open case is assigned to you. Below are those that you may take.',
  choose: 'Choose a case from the list.',
  pill: (n) => `${n} new – show`,
  arrived: (n) => english(n, '1 case has arrived', `${n} cases have arrived`),
  next: {
    replyBy: (day) => `Reply by ${day}`,
    replyToday: (clock, day) => `Reply today by ${clock} (${day})`,
    replyLate: (day) => `Reply at once: was due ${day}`,
    reply: 'Reply or close',
    finishBy: (day) => `Finish the draft and send it by ${day}`,
    finishToday: (clock, day) => `Finish the draft and send it today by ${clock} (${day})`,
    finishLate: (day) => `Finish the draft and send it at once: was due ${day}`,
    finish: 'Finish the draft and send it',
    correct: (by, remark) => `Correct the reply that ${by} sent back: ${remark}`,
    sendAgain: 'The reply did not leave: take it up again',
    settle: 'Nobody knows whether the reply left: say what becomes of it',
    takeBy: (day) => `Take it: due ${day}`,
    take: 'Take it',
    answerReminder: (by) => `Answer the reminder of ${by}`,
    answerQuestion: (by) => `Answer the question of ${by}`,
    wait: { approval: 'Await approval', sending: 'Wait until the reply leaves', receipts: 'Await the receipts of delivery', others: 'Await somebody’s answer' },
  },
  daysLeft: (n) => english(n, '1 working day', `${n} working days`),
  nextItem: 'Next case', previousItem: 'Previous case',
  answer: 'Answer the reminder or question',
  onBehalf: (person) => `for ${person}`,
  priorities: { LOW: '', NORMAL: '', HIGH: 'High priority', URGENT: 'Urgent' },
  replies: 'My replies',
  repliesNote: 'drafts, and what is still on its way',
  replyStates: { DRAFT: 'Draft', AWAITING_APPROVAL: 'Awaits approval', QUEUED: 'Queued', SENDING: 'Leaving', UNCERTAIN: 'Uncertain', SENT: 'Sent', REFUSED: 'Not sent', DISCARDED: 'In the bin' },
  sentBack: (by) => `Sent back by ${by}`,
  edited: (at) => `changed ${at}`,
  leaves: (at) => `leaves at ${at}`,
  more: 'Show more',
  toNobody: '(no recipient)',
};

export const words = { it, en };
