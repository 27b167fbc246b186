// The register in plain words: a sentence for each kind of entry. The compiler
// misses none.

import type { EventKind } from '../generated/graphql';
import { words as casework } from '../casework/words';
import { en as english } from '../words/en';
import { it as italian, type Words } from '../words/it';
import type { Told } from './told';

interface HistoryWords {
  title: string;
  earlier: string;
  readings: string;
  system: string;
  unknown: string;
  failed: string;
  sentences: Record<EventKind, (e: Told) => string>;
}

/** The word for a value that stands in the register, or the value where this client has none. */
function named(words: Readonly<Record<string, string>>, value: string): string {
  return words[value] ?? value;
}

/** ", " and what follows, where there is something. */
function also(before: string, text: string, after = ''): string {
  return text === '' ? '' : `${before}${text}${after}`;
}

function statusOf(t: Words, status: string): string {
  return named(t.statuses, status).toLowerCase();
}

const itReadings: Readonly<Record<string, string>> = { original: 'Scaricata la busta originale', attachment: 'Aperto un allegato', folder: 'Scaricata con tutto il fascicolo' };
const itTerms = { ASSIGN: 'termine per assegnare', WORK: 'termine per lavorare', ANSWER: 'termine per rispondere', '': 'termine' };
const itDeliveries = {
  PENDING: 'in attesa', ACCEPTED: 'accettata', TAKEN: 'presa in carico', DELIVERED: 'consegnata', NOT_DELIVERED: 'non consegnata', NOT_ACCEPTED: 'non accettata',
};
const itRights = { HEAD: 'capo ufficio', DEPUTY: 'vice', OPERATOR: 'operatore' };

const it: HistoryWords = {
  title: 'Cronologia',
  earlier: 'Mostra i movimenti precedenti',
  readings: 'Anche letture, carichi e bozze',
  system: 'Smista',
  unknown: 'Movimento di un tipo che questa versione non conosce',
  failed: 'La cronologia non si è potuta leggere.',
  sentences: {
    MESSAGE_RECEIVED: (e) => `Ricevuta${also(' da ', e.sender)}${also(': «', e.subject, '»')}${also(' (casella ', e.mailbox, ')')}`,
    MESSAGE_SEEN: (e) => `La stessa PEC è arrivata anche a ${e.mailbox || 'un’altra casella'}`,
    CASE_OPENED: (e) => `Pratica aperta dalla PEC${also(' di ', e.sender)}`,
    CASE_JOINED: (e) => `Alla pratica si è aggiunta una PEC${also(' di ', e.sender)}${also(': «', e.subject, '»')}`,
    CASE_ROUTED: (e) => `${e.office ? `Instradata a ${e.office}` : 'Instradata allo smistamento'}${also(': ', e.reason)}`,
    RECEIPT_LINKED: (e) => `Arrivata una ricevuta${also(': ', named(italian.kinds, e.receipt).toLowerCase())}`,
    RECEIPT_UNMATCHED: () => 'Arrivata una ricevuta che non si riferisce a niente di conosciuto',
    OUTGOING_ARCHIVED: (e) => `Archiviata una nostra PEC${also(' da ', e.mailbox)}`,
    MESSAGE_QUARANTINED: (e) => `Messaggio messo da parte${also(' in ', e.mailbox)}${also(': ', e.reason)}`,
    MESSAGE_REPLAYED: (e) => `Ripreso un messaggio che era stato messo da parte${also(' in ', e.mailbox)}`,
    MAILBOX_HEALTH_CHANGED: (e) => `Cambiato lo stato della casella ${e.mailbox}`,
    MAILBOX_GAP: (e) => `Lacuna nella casella ${e.mailbox}`,
    MAILBOX_RENUMBERED: (e) => `Casella ${e.mailbox} rinumerata dal gestore`,
    MAILBOX_PASSWORD_SET: (e) => `Impostata la password della casella ${e.mailbox}`,
    CASE_SORTED: (e) => `Smistata a ${e.office}${also(', prima a ', e.fromOffice)}${also(': «', e.reason, '»')}`,
    CASE_TAKEN_BACK: (e) => `Ritirata${also(' da ', e.fromOffice)}${also(': «', e.reason, '»')}`,
    CASE_RETURNED: (e) => `Restituita allo smistamento${also(' da ', e.fromOffice)}${also(': «', e.reason, '»')}`,
    CASE_ASSIGNED: (e) => {
      const left = also(', prima a ', e.fromPerson);
      switch (e.how) {
        case 'taken': return 'Presa';
        case 'rule': return `Assegnata a ${e.person} da una regola`;
        case 'absence': return `Passata a ${e.person}, che sostituisce${also(' ', e.fromPerson)}`;
        case 'return': return `Tornata a ${e.person}, rientrato dall’assenza`;
        default: return `Assegnata a ${e.person}${left}${also(': «', e.reason, '»')}`;
      }
    },
    CASE_UNASSIGNED: (e) => `Di nuovo da assegnare${also(', prima a ', e.fromPerson)}${also(': «', e.reason, '»')}`,
    CASE_NOTED: () => 'Scritta una nota',
    CASE_CLOSED: (e) => `Evasa${also(': ', named(casework.it.outcomes, e.outcome))}${also(' – «', e.reason, '»')}`,
    CASE_REOPENED: (e) => `Riaperta, ora ${statusOf(italian, e.to)}${also(': «', e.reason, '»')}`,
    CASE_PRIORITY_CHANGED: (e) => `Priorità da ${named(casework.it.priorities, e.from).toLowerCase()} a ${named(casework.it.priorities, e.to).toLowerCase()}`,
    CASE_INFORMED: (e) => (e.office ? `Per conoscenza a ${e.office}` : e.fromOffice ? `Non più per conoscenza a ${e.fromOffice}` : 'Cambiati gli uffici per conoscenza'),
    CASE_RESERVED: () => 'Resa riservata',
    CASE_UNRESERVED: () => 'Tolta la riservatezza',
    CASE_MERGED: (e) => `Unita a un’altra pratica${also(': «', e.reason, '»')}`,
    CASE_UNMERGED: () => 'Separata dalla pratica a cui era unita',
    CASE_FOLLOWED: () => 'Segue la pratica',
    CASE_UNFOLLOWED: () => 'Non segue più la pratica',
    CASE_CLAIMED: () => 'Presa in carico',
    CLAIM_WANTED: (e) => `Chiesto il passaggio del carico${also(' a ', e.person)}`,
    CLAIM_KEPT: () => 'Il carico resta a chi lo ha',
    CASE_RELEASED: () => 'Lasciato il carico',
    CASE_LOOKED_AT: () => 'Cambiato chi la sta guardando',
    GLASS_BROKEN: (e) => `Accesso motivato al contenuto${also(': «', e.reason, '»')}`,
    SOLLECITO_SENT: (e) => `Sollecito${also(' a ', e.office)}${also(': «', e.reason, '»')}`,
    CLARIFICATION_ASKED: (e) => `Chiesti chiarimenti${also(' a ', e.office)}${also(': «', e.reason, '»')}`,
    INQUIRY_ANSWERED: (e) => `Risposto allo smistamento${also(': «', e.reason, '»')}`,
    TERM_DUE_SOON: (e) => `Si avvicina la scadenza (${named(itTerms, e.term)})`,
    TERM_BREACHED: (e) => `Scaduto il ${named(itTerms, e.term)}`,
    TERM_SUSPENDED: (e) => `Termini sospesi${also(': ', e.reason)}`,
    TERM_RESUMED: () => 'I termini riprendono',
    TERM_REMINDED: (e) => `Ricordata la scadenza${also(' a ', e.person)}`,
    REPLY_STARTED: (e) => (e.how === 'FORWARD' ? 'Iniziato un inoltro' : 'Iniziata una risposta'),
    REPLY_SAVED: () => 'Modificata la bozza',
    REPLY_OPENED: () => 'Cambiato chi ha aperta la bozza',
    REPLY_FILE_ADDED: () => 'Aggiunto un allegato alla bozza',
    REPLY_FILE_REMOVED: () => 'Tolto un allegato dalla bozza',
    REPLY_SUBMITTED: () => 'Risposta mandata in approvazione',
    REPLY_APPROVED: (e) => `Risposta ${e.step > 1 ? 'autorizzata' : 'approvata'}${also(': «', e.reason, '»')}`,
    REPLY_SENT_BACK: (e) => `Risposta rimandata a chi l’ha scritta${also(': «', e.reason, '»')}`,
    REPLY_VOIDED: () => 'Approvazione decaduta: la risposta è stata modificata',
    REPLY_QUEUED: (e) => (e.how === 'resend' ? 'Risposta di nuovo in coda' : 'Risposta messa in coda per l’invio'),
    REPLY_WITHDRAWN: () => 'Invio annullato: la risposta è di nuovo una bozza',
    REPLY_DISCARDED: () => 'Bozza cestinata',
    REPLY_RESTORED: () => 'Bozza recuperata',
    REPLY_DELAYED: (e) => `Invio rimandato${also(': ', e.reason)}`,
    REPLY_SENT: () => 'Risposta inviata',
    REPLY_UNCERTAIN: (e) => `Non si sa se la risposta è partita${also(': ', e.reason)}`,
    REPLY_REFUSED: (e) => `Risposta non inviata${also(': ', e.reason)}`,
    DELIVERY_CHANGED: (e) => `${e.address || 'Un destinatario'}: ${named(itDeliveries, e.to)}`,
    RECEIPT_MISSING: (e) => `Manca la ricevuta di ${e.how === 'ACCEPTANCE' ? 'accettazione' : 'consegna'}${e.count > 1 ? ` per ${e.count} destinatari` : ''}`,
    RECEIPT_DIFFERS: (e) => `Allarme: la ricevuta non contiene ciò che è stato inviato${also(' – ', e.reason)}`,
    RECEIPT_SUSPECT: (e) => `Allarme: ricevuta falsa o alterata${also(' – ', e.reason)}`,
    TEMPLATE_CHANGED: () => 'Cambiato un modello',
    NOTICE_FAILED: (e) => `Avviso per e-mail non riuscito${also(' a ', e.person)}`,
    USER_ADDED: (e) => `Aggiunta la persona ${e.person}`,
    USER_CHANGED: (e) => `Cambiata la persona ${e.person}`,
    USER_DISABLED: (e) => `Disattivata la persona ${e.person}`,
    USER_ENABLED: (e) => `Riattivata la persona ${e.person}`,
    MEMBER_ADDED: (e) => `${e.person} entra in ${e.office}${also(' come ', named(itRights, e.to))}`,
    MEMBER_REMOVED: (e) => `${e.person} lascia ${e.fromOffice}`,
    SIGNED_IN: (e) => `Accesso${also(' di ', e.person)}`,
    SIGN_IN_FAILED: (e) => `Accesso non riuscito${also(' di ', e.person)}`,
    SIGNED_OUT: (e) => `Uscita${also(' di ', e.person)}`,
    TOKEN_MADE: (e) => `Creato un token${also(' di ', e.person)}`,
    TOKEN_REVOKED: (e) => `Revocato un token${also(' di ', e.person)}`,
    ABSENCE_PLANNED: (e) => `Prevista l’assenza di ${e.fromPerson}: sostituisce ${e.person}`,
    ABSENCE_CANCELLED: (e) => `Annullata l’assenza di ${e.fromPerson}`,
    ABSENCE_STARTED: (e) => `Inizia l’assenza di ${e.fromPerson}: sostituisce ${e.person}`,
    ABSENCE_ENDED: (e) => `Finisce l’assenza di ${e.fromPerson}`,
    OFFICE_CHANGED: (e) => `Cambiato l’ufficio ${e.office}${also(': ', e.reason)}`,
    RULE_CHANGED: (e) => `Cambiata una regola${also(': «', e.reason, '»')}`,
    RULE_TRIED: () => 'Provata una regola',
    DEADLINE_CHANGED: (e) => `Cambiato un termine${also(': ', e.reason)}, ${e.from || '—'} → ${e.to || '—'}`,
    CLOSURE_CHANGED: (e) => `Cambiata una chiusura${also(' di ', e.office)}: ${e.from || '—'} → ${e.to || '—'}`,
    PATRON_CHANGED: (e) => `Cambiato il santo patrono${also(' di ', e.office)}: ${e.from || '—'} → ${e.to || '—'}`,
    CONTENT_READ: (e) => itReadings[e.reason] ?? 'Letto il testo',
    REGISTER_EXPORTED: (e) => `Esportato il registro${also(': ', e.reason)}`,
  },
};

const enReadings: Readonly<Record<string, string>> = {
  original: 'The original envelope was downloaded', attachment: 'An attachment was opened', folder: 'Downloaded with the whole file of the case',
};
const enTerms = { ASSIGN: 'term to assign', WORK: 'term to work', ANSWER: 'term to answer', '': 'term' };
const enDeliveries = {
  PENDING: 'awaited', ACCEPTED: 'accepted', TAKEN: 'taken in charge', DELIVERED: 'delivered', NOT_DELIVERED: 'not delivered', NOT_ACCEPTED: 'not accepted',
};
const enRights = { HEAD: 'head', DEPUTY: 'deputy', OPERATOR: 'operator' };

const en: HistoryWords = {
  title: 'History',
  earlier: 'Show earlier entries',
  readings: 'Also readings, charges and drafts',
  system: 'Smista',
  unknown: 'An entry of a kind that this version does not know',
  failed: 'The history could not be read.',
  sentences: {
    MESSAGE_RECEIVED: (e) => `Received${also(' from ', e.sender)}${also(': “', e.subject, '”')}${also(' (mailbox ', e.mailbox, ')')}`,
    MESSAGE_SEEN: (e) => `The same PEC came to ${e.mailbox || 'another mailbox'} too`,
    CASE_OPENED: (e) => `Case opened by the PEC${also(' of ', e.sender)}`,
    CASE_JOINED: (e) => `A PEC joined the case${also(', of ', e.sender)}${also(': “', e.subject, '”')}`,
    CASE_ROUTED: (e) => `${e.office ? `Routed to ${e.office}` : 'Routed to the desk'}${also(': ', e.reason)}`,
    RECEIPT_LINKED: (e) => `A receipt came${also(': ', named(english.kinds, e.receipt).toLowerCase())}`,
    RECEIPT_UNMATCHED: () => 'A receipt came that refers to nothing known',
    OUTGOING_ARCHIVED: (e) => `A PEC of ours was archived${also(' from ', e.mailbox)}`,
    MESSAGE_QUARANTINED: (e) => `A message was set aside${also(' in ', e.mailbox)}${also(': ', e.reason)}`,
    MESSAGE_REPLAYED: (e) => `A message that had been set aside was taken in${also(' in ', e.mailbox)}`,
    MAILBOX_HEALTH_CHANGED: (e) => `The state of mailbox ${e.mailbox} changed`,
    MAILBOX_GAP: (e) => `A gap in mailbox ${e.mailbox}`,
    MAILBOX_RENUMBERED: (e) => `Mailbox ${e.mailbox} was numbered anew by its provider`,
    MAILBOX_PASSWORD_SET: (e) => `The password of mailbox ${e.mailbox} was set`,
    CASE_SORTED: (e) => `Sorted to ${e.office}${also(', before at ', e.fromOffice)}${also(': “', e.reason, '”')}`,
    CASE_TAKEN_BACK: (e) => `Taken back${also(' from ', e.fromOffice)}${also(': “', e.reason, '”')}`,
    CASE_RETURNED: (e) => `Returned to the desk${also(' by ', e.fromOffice)}${also(': “', e.reason, '”')}`,
    CASE_ASSIGNED: (e) => {
      const left = also(', before to ', e.fromPerson);
      switch (e.how) {
        case 'taken': return 'Taken';
        case 'rule': return `Assigned to ${e.person} by a rule`;
        case 'absence': return `Passed to ${e.person}, who stands in${also(' for ', e.fromPerson)}`;
        case 'return': return `Back to ${e.person}, who returned`;
        default: return `Assigned to ${e.person}${left}${also(': “', e.reason, '”')}`;
      }
    },
    CASE_UNASSIGNED: (e) => `To be assigned again${also(', before with ', e.fromPerson)}${also(': “', e.reason, '”')}`,
    CASE_NOTED: () => 'Note written',
    CASE_CLOSED: (e) => `Closed${also(': ', named(casework.en.outcomes, e.outcome))}${also(' – “', e.reason, '”')}`,
    CASE_REOPENED: (e) => `Reopened, now ${statusOf(english, e.to)}${also(': “', e.reason, '”')}`,
    CASE_PRIORITY_CHANGED: (e) => `Priority from ${named(casework.en.priorities, e.from).toLowerCase()} to ${named(casework.en.priorities, e.to).toLowerCase()}`,
    CASE_INFORMED: (e) => (e.office ? `For information to ${e.office}` : e.fromOffice ? `No longer for information to ${e.fromOffice}` : 'Offices for information changed'),
    CASE_RESERVED: () => 'Made confidential',
    CASE_UNRESERVED: () => 'No longer confidential',
    CASE_MERGED: (e) => `Merged into another case${also(': “', e.reason, '”')}`,
    CASE_UNMERGED: () => 'Separated from the case that it was merged into',
    CASE_FOLLOWED: () => 'Follows the case',
    CASE_UNFOLLOWED: () => 'No longer follows the case',
    CASE_CLAIMED: () => 'Took charge',
    CLAIM_WANTED: (e) => `Asked to take over${also(' from ', e.person)}`,
    CLAIM_KEPT: () => 'Kept charge',
    CASE_RELEASED: () => 'Gave up charge',
    CASE_LOOKED_AT: () => 'Who looks at it changed',
    GLASS_BROKEN: (e) => `Read for a reason${also(': “', e.reason, '”')}`,
    SOLLECITO_SENT: (e) => `Reminder${also(' to ', e.office)}${also(': “', e.reason, '”')}`,
    CLARIFICATION_ASKED: (e) => `Question${also(' to ', e.office)}${also(': “', e.reason, '”')}`,
    INQUIRY_ANSWERED: (e) => `The desk was answered${also(': “', e.reason, '”')}`,
    TERM_DUE_SOON: (e) => `The end comes near (${named(enTerms, e.term)})`,
    TERM_BREACHED: (e) => `Breached: ${named(enTerms, e.term)}`,
    TERM_SUSPENDED: (e) => `Terms stand still${also(': ', e.reason)}`,
    TERM_RESUMED: () => 'Terms run again',
    TERM_REMINDED: (e) => `Reminded of the term${also(': ', e.person)}`,
    REPLY_STARTED: (e) => (e.how === 'FORWARD' ? 'A forward was begun' : 'A reply was begun'),
    REPLY_SAVED: () => 'The draft was changed',
    REPLY_OPENED: () => 'Who has the draft open changed',
    REPLY_FILE_ADDED: () => 'An attachment was added to the draft',
    REPLY_FILE_REMOVED: () => 'An attachment was removed from the draft',
    REPLY_SUBMITTED: () => 'The reply waits for approval',
    REPLY_APPROVED: (e) => `The reply was ${e.step > 1 ? 'authorised' : 'approved'}${also(': “', e.reason, '”')}`,
    REPLY_SENT_BACK: (e) => `The reply went back to its author${also(': “', e.reason, '”')}`,
    REPLY_VOIDED: () => 'The approval no longer holds: the reply was changed',
    REPLY_QUEUED: (e) => (e.how === 'resend' ? 'The reply waits to leave again' : 'The reply waits to leave'),
    REPLY_WITHDRAWN: () => 'Taken back: the reply is a draft again',
    REPLY_DISCARDED: () => 'The draft was thrown away',
    REPLY_RESTORED: () => 'The draft was restored',
    REPLY_DELAYED: (e) => `It leaves later${also(': ', e.reason)}`,
    REPLY_SENT: () => 'The reply was sent',
    REPLY_UNCERTAIN: (e) => `Nobody knows whether the reply left${also(': ', e.reason)}`,
    REPLY_REFUSED: (e) => `The reply was not sent${also(': ', e.reason)}`,
    DELIVERY_CHANGED: (e) => `${e.address || 'A recipient'}: ${named(enDeliveries, e.to)}`,
    RECEIPT_MISSING: (e) => `The receipt of ${e.how === 'ACCEPTANCE' ? 'acceptance' : 'delivery'} is missing${e.count > 1 ? ` for ${e.count} recipients` : ''}`,
    RECEIPT_DIFFERS: (e) => `Alarm: the receipt does not hold what was sent${also(' – ', e.reason)}`,
    RECEIPT_SUSPECT: (e) => `Alarm: a forged or altered receipt${also(' – ', e.reason)}`,
    TEMPLATE_CHANGED: () => 'A template was changed',
    NOTICE_FAILED: (e) => `A notice by e-mail failed${also(' to ', e.person)}`,
    USER_ADDED: (e) => `${e.person} was added`,
    USER_CHANGED: (e) => `${e.person} was changed`,
    USER_DISABLED: (e) => `${e.person} was disabled`,
    USER_ENABLED: (e) => `${e.person} was enabled`,
    MEMBER_ADDED: (e) => `${e.person} joined ${e.office}${also(' as ', named(enRights, e.to))}`,
    MEMBER_REMOVED: (e) => `${e.person} left ${e.fromOffice}`,
    SIGNED_IN: (e) => `Signed in${also(': ', e.person)}`,
    SIGN_IN_FAILED: (e) => `Could not sign in${also(': ', e.person)}`,
    SIGNED_OUT: (e) => `Signed out${also(': ', e.person)}`,
    TOKEN_MADE: (e) => `A token was made${also(' for ', e.person)}`,
    TOKEN_REVOKED: (e) => `A token was revoked${also(' of ', e.person)}`,
    ABSENCE_PLANNED: (e) => `The absence of ${e.fromPerson} was planned: ${e.person} stands in`,
    ABSENCE_CANCELLED: (e) => `The absence of ${e.fromPerson} was called off`,
    ABSENCE_STARTED: (e) => `${e.fromPerson} is away: ${e.person} stands in`,
    ABSENCE_ENDED: (e) => `${e.fromPerson} is back`,
    OFFICE_CHANGED: (e) => `Office ${e.office} was changed${also(': ', e.reason)}`,
    RULE_CHANGED: (e) => `A rule was changed${also(': “', e.reason, '”')}`,
    RULE_TRIED: () => 'A rule was tried',
    DEADLINE_CHANGED: (e) => `A deadline was changed${also(': ', e.reason)}, ${e.from || '—'} → ${e.to || '—'}`,
    CLOSURE_CHANGED: (e) => `A closure was changed${also(' of ', e.office)}: ${e.from || '—'} → ${e.to || '—'}`,
    PATRON_CHANGED: (e) => `The patron saint’s day was changed${also(' of ', e.office)}: ${e.from || '—'} → ${e.to || '—'}`,
    CONTENT_READ: (e) => enReadings[e.reason] ?? 'The text was read',
    REGISTER_EXPORTED: (e) => `The register was exported${also(': ', e.reason)}`,
  },
};

export const words = { it, en };
