// Which questions an event makes old. Answers to questions are kept under keys that
// begin with what they are about: ['case', id], ['counts'], ['people'] and so on.

import type { EventKind } from '../generated/graphql';
import type { Happening } from './register';

export type Topic = readonly [string, string?];

/** What happens all the time while people read and write, and changes nothing but who is there and what a draft says. */
const quiet: ReadonlySet<EventKind> = new Set<EventKind>(['CASE_LOOKED_AT', 'REPLY_OPENED', 'REPLY_SAVED', 'REPLY_FILE_ADDED', 'REPLY_FILE_REMOVED']);

export function topicsOf(event: Happening): Topic[] {
  const topics: Topic[] = [['movements']];
  const isQuiet = 'kind' in event && quiet.has(event.kind);
  if ('case' in event && (event.case === null || !isQuiet)) {
    topics.push(event.case === null ? ['case'] : ['case', event.case.id]);
  }
  switch (event.__typename) {
    case 'CaseChanged':
      if (!isQuiet) {
        topics.push(['counts']);
      }
      break;
    case 'TermChanged':
    case 'CaseOpened':
    case 'MessageReceived':
    case 'MessageSeen':
      topics.push(['counts']);
      break;
    case 'CaseRouted':
      topics.push(['counts'], ['rules']);
      break;
    case 'ReplyChanged':
      topics.push(['replies']);
      if (!isQuiet) {
        topics.push(['counts']);
      }
      break;
    case 'DeliveryChanged':
    case 'ReceiptLinked':
    case 'ReceiptAlarm':
      topics.push(['receipts'], ['replies']);
      break;
    case 'MailboxHealthChanged':
    case 'MailboxGap':
    case 'MailboxRenumbered':
    case 'MailboxPasswordSet':
      topics.push(['mailboxes'], ['troubles']);
      break;
    case 'MessageQuarantined':
    case 'MessageReplayed':
      topics.push(['mailboxes'], ['troubles']);
      break;
    case 'PersonChanged':
      topics.push(...topicsOfPerson(event.kind));
      break;
    case 'OfficeChanged':
      topics.push(['offices']);
      break;
    case 'TemplateChanged':
      topics.push(['templates']);
      break;
    case 'RuleChanged':
      topics.push(['rules']);
      break;
    case 'CalendarChanged':
      topics.push(['deadlines']);
      break;
  }
  return topics;
}

/** Who signs in changes nothing of what a person is. */
function topicsOfPerson(kind: EventKind): Topic[] {
  switch (kind) {
    case 'SIGNED_IN':
    case 'SIGN_IN_FAILED':
    case 'SIGNED_OUT':
      return [];
    case 'TOKEN_MADE':
    case 'TOKEN_REVOKED':
      return [['tokens']];
    case 'NOTICE_FAILED':
      return [['troubles']];
    default:
      return [['people'], ['viewer'], ['offices', 'state']];
  }
}
