// Which questions an event makes old. Answers to questions are kept under keys that
// begin with what they are about: ['case', id], ['counts'], ['people'] and so on.

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
      topics.push(['people'], ['viewer']);
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
