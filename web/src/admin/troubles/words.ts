// The texts of what keeps failing.

import type { TroubleKind } from '../../generated/graphql';
import { forms } from '../../words/it';

const it = {
  said: 'Ciò che non riesce e resta in sospeso: da quando, quante volte si è provato, perché, e che cosa si può fare.',
  none: 'Tutto riesce: nessun lavoro in sospeso.',
  more: 'Ce ne sono altri: qui stanno i più recenti di ogni genere.',
  count: (n: number) => forms(n, '1 lavoro non riesce', `${n} lavori non riescono`),
  kinds: {
    MAILBOX_FAILING: 'Caselle che non si raccolgono', MESSAGE_SET_ASIDE: 'Messaggi messi da parte', REPLY_UNCERTAIN: 'Invii incerti', REPLY_REFUSED: 'Risposte rifiutate dal gestore',
    REPLY_DELAYED: 'Risposte in attesa di un altro tentativo', RECEIPT_MISSING: 'Ricevute non arrivate', NOTICE_FAILED: 'Avvisi non recapitati',
  } satisfies Record<TroubleKind, string>,
  kindsTold: {
    MAILBOX_FAILING: 'Si riprova da sé; se il motivo resta, provare la connessione e correggere.',
    MESSAGE_SET_ASIDE: 'La casella prosegue senza di loro; l’originale non va perso. Tolta la causa, si riprova.',
    REPLY_UNCERTAIN: 'Nessuno sa se sono partite: decide chi lavora la pratica, mai il sistema.',
    REPLY_REFUSED: 'Negli ultimi 30 giorni. Chi lavora la pratica può riscriverle.',
    REPLY_DELAYED: 'Si riprova da sé.',
    RECEIPT_MISSING: 'Dovrebbero essere già arrivate: se la casella si raccoglie, dipende dal gestore.',
    NOTICE_FAILED: 'Negli ultimi 30 giorni: verificare l’indirizzo della persona e il server degli avvisi ([relay] di smista.toml).',
  } satisfies Record<TroubleKind, string>,
  what: 'Di che cosa', since: 'Da quando', attempts: 'Tentativi', why: 'Perché', remedy: 'Che fare',
  uid: (folder: string, uid: string) => `cartella ${folder}, messaggio ${uid}`,
  hidden: 'lo vede chi vede la pratica',
  retry: 'Riprova',
  retried: 'Il messaggio è stato ripreso', retriedLater: 'Si riprova alla prossima raccolta', stillAside: (why: string) => `Ancora da parte: ${why}`,
  decide: 'decide chi lavora la pratica',
  byItself: 'si riprova da sé',
};

const en: typeof it = {
  said: 'What fails and stays undone: since when, how often it was tried, why, and what can be done.',
  none: 'Everything works: nothing is left undone.',
  more: 'There are more: these are the latest of each kind.',
  count: (n) => (n === 1 ? '1 thing keeps failing' : `${n} things keep failing`),
  kinds: {
    MAILBOX_FAILING: 'Mailboxes that are not collected', MESSAGE_SET_ASIDE: 'Messages set aside', REPLY_UNCERTAIN: 'Uncertain sendings', REPLY_REFUSED: 'Replies refused by the provider',
    REPLY_DELAYED: 'Replies that wait for another try', RECEIPT_MISSING: 'Receipts that did not come', NOTICE_FAILED: 'Notices not delivered',
  },
  kindsTold: {
    MAILBOX_FAILING: 'Tried again by itself; if the reason stays, test the connection and mend it.',
    MESSAGE_SET_ASIDE: 'The mailbox goes on without them; the original is not lost. Once the cause is gone, retry.',
    REPLY_UNCERTAIN: 'Nobody knows whether they left: who works on the case decides, never the system.',
    REPLY_REFUSED: 'In the last 30 days. Who works on the case can write them again.',
    REPLY_DELAYED: 'Tried again by itself.',
    RECEIPT_MISSING: 'They should have come by now: if the mailbox is collected, it is the provider.',
    NOTICE_FAILED: 'In the last 30 days: check the person’s address and the server of notices ([relay] of smista.toml).',
  },
  what: 'Of what', since: 'Since', attempts: 'Tries', why: 'Why', remedy: 'What to do',
  uid: (folder, uid) => `folder ${folder}, message ${uid}`,
  hidden: 'seen by who sees the case',
  retry: 'Retry',
  retried: 'The message was taken in', retriedLater: 'It is tried with the next collecting', stillAside: (why) => `Still set aside: ${why}`,
  decide: 'who works on the case decides',
  byItself: 'tried again by itself',
};

export const words = { it, en };
