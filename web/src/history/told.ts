// An entry of the register as plain facts, of which a sentence is made in either
// language: whatever an entry does not say is an empty text.

import type { EventKind, EventToldFragment } from '../generated/graphql';

export interface Told {
  kind: EventKind;
  /** Who did it; empty for a part of the system. */
  who: string;
  office: string;
  fromOffice: string;
  person: string;
  fromPerson: string;
  reason: string;
  from: string;
  to: string;
  outcome: string;
  how: string;
  mailbox: string;
  subject: string;
  sender: string;
  receipt: string;
  address: string;
  term: string;
  count: number;
  step: number;
  dueAt: string;
}

/** Kinds of the entries that have a type of their own. */
const kinds: Partial<Record<EventToldFragment['__typename'], EventKind>> = {
  MessageReceived: 'MESSAGE_RECEIVED', MessageSeen: 'MESSAGE_SEEN', CaseOpened: 'CASE_OPENED', CaseJoined: 'CASE_JOINED', CaseRouted: 'CASE_ROUTED',
  ReceiptLinked: 'RECEIPT_LINKED', ReceiptUnmatched: 'RECEIPT_UNMATCHED', OutgoingArchived: 'OUTGOING_ARCHIVED', MessageQuarantined: 'MESSAGE_QUARANTINED',
  MessageReplayed: 'MESSAGE_REPLAYED', MailboxHealthChanged: 'MAILBOX_HEALTH_CHANGED', MailboxGap: 'MAILBOX_GAP', MailboxRenumbered: 'MAILBOX_RENUMBERED',
  MailboxPasswordSet: 'MAILBOX_PASSWORD_SET', OfficeChanged: 'OFFICE_CHANGED', TemplateChanged: 'TEMPLATE_CHANGED', RuleChanged: 'RULE_CHANGED', RuleTried: 'RULE_TRIED',
  ContentRead: 'CONTENT_READ', RegisterExported: 'REGISTER_EXPORTED',
};

/** Null for an entry of a kind that this client does not know. */
export function factsOf(event: EventToldFragment): Told | null {
  const kind = 'kind' in event ? event.kind : kinds[event.__typename];
  if (kind === undefined) {
    return null;
  }
  const message = 'message' in event && event.message && 'subject' in event.message ? event.message : null;
  const text = (field: 'reason' | 'from' | 'to' | 'how' | 'outcome'): string => (field in event ? (event as Partial<Record<typeof field, string>>)[field] ?? '' : '');
  const name = (field: 'office' | 'fromOffice' | 'person' | 'fromPerson'): string => (field in event ? (event as Partial<Record<typeof field, { name: string } | null>>)[field]?.name ?? '' : '');
  return {
    kind,
    who: event.actor?.kind === 'PERSON' ? event.actor.name : '',
    office: name('office'), fromOffice: name('fromOffice'), person: name('person'), fromPerson: name('fromPerson'),
    reason: text('reason'), from: text('from'), to: text('to'), outcome: text('outcome'), how: text('how'),
    mailbox: 'mailbox' in event ? event.mailbox?.address ?? '' : '',
    subject: message?.subject ?? '',
    sender: message?.senderName || message?.senderAddress || '',
    receipt: event.__typename === 'ReceiptLinked' ? event.message?.kind ?? '' : '',
    address: 'recipient' in event ? event.recipient?.address ?? '' : '',
    term: 'term' in event ? event.term ?? '' : '',
    count: 'count' in event ? event.count : 0,
    step: 'step' in event ? event.step ?? 0 : 0,
    dueAt: 'dueAt' in event ? event.dueAt ?? '' : '',
  };
}

/** Kinds of entries that say who only looked, or is still writing: left out of a history unless they are asked for. */
export const readings: ReadonlySet<EventKind> = new Set<EventKind>([
  'CASE_LOOKED_AT', 'CONTENT_READ', 'REPLY_OPENED', 'REPLY_SAVED', 'REPLY_FILE_ADDED', 'REPLY_FILE_REMOVED', 'CASE_CLAIMED', 'CASE_RELEASED', 'CLAIM_WANTED', 'CLAIM_KEPT',
  'CASE_FOLLOWED', 'CASE_UNFOLLOWED',
]);
