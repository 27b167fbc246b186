// Which questions an event makes old. Answers to questions are kept under keys that
// begin with what they are about: ['case', id], ['counts'], ['people'] and so on.

import type { EventKind } from '../generated/graphql';
import type { Happening } from './register';

export type Topic = readonly [string, string?];

export function topicsOf(event: Happening): Topic[] {
  const topics: Topic[] = [['movements']];
  if ('case' in event) {
    topics.push(event.case === null ? ['case'] : ['case', event.case.id]);
  }
  switch (event.__typename) {
    case 'CaseChanged':
    case 'TermChanged':
    case 'CaseOpened':
      topics.push(['counts']);
      break;
    case 'CaseRouted':
      topics.push(['counts'], ['rules']);
      break;
    case 'ReplyChanged':
      topics.push(['replies'], ['counts']);
      break;
    case 'DeliveryChanged':
    case 'ReceiptLinked':
    case 'ReceiptAlarm':
      topics.push(['receipts']);
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
