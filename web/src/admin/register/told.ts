// One movement in words: what happened to what, where and to whom.

import type { EventKind, RegisterMovementsQuery } from '../../generated/graphql';
import type { Dates } from '../../words/dates';
import { meaningOf } from '../meaning';
import { kindOf } from './kinds';
import type { RegisterWords } from './words';

export type Movement = RegisterMovementsQuery['events']['nodes'][number];

/** The name of what happened. A kind of a later version is shown by its own name. */
export function titleOf(m: Movement, w: RegisterWords): string {
  const kind = kindOf(m);
  return w.kinds[kind as EventKind] ?? kind;
}

/** What else the register says of it; empty when nothing. */
export function detailOf(m: Movement, w: RegisterWords, dates: Dates): string {
  switch (m.__typename) {
    case 'MailboxHealthChanged':
      return m.reason === '' ? w.worksAgain : meant(m.reason, w);
    case 'MessageQuarantined':
      return `${m.folder} ${m.uid}: ${meant(m.reason, w)}`;
    case 'MessageReplayed':
      return `${m.folder} ${m.uid}`;
    case 'MailboxGap':
      return `${m.folder}: ${dates.number(m.count)}`;
    case 'MailboxRenumbered':
      return m.folder;
    case 'MailboxPasswordSet':
    case 'TemplateChanged':
      return shortOf(m.how, w);
    case 'RuleChanged':
      return [m.rule?.name, shortOf(m.how, w), m.reason].filter(Boolean).join(', ');
    case 'CalendarChanged':
      return [m.term && w.terms[m.term], m.kind === 'DEADLINE_CHANGED' && m.reason, `${m.from || '—'} → ${m.to || '—'}`].filter(Boolean).join(', ');
    case 'RuleTried':
      return [m.rule?.name, shortOf(m.how, w), m.days > 0 ? w.lastDays(m.days) : w.lastCases(dates.number(m.count)), m.reason].filter(Boolean).join(', ');
    case 'TermChanged':
      return m.term && m.dueAt ? w.dueAt(w.terms[m.term], dates.moment(m.dueAt)) : m.reason;
    case 'PersonChanged':
      if (m.changes.length > 0) {
        return changesOf(m.changes, w);
      }
      return m.kind === 'USER_CHANGED' || m.kind === 'USER_ADDED' ? shortOf(m.reason, w) : m.reason;
    case 'RegisterExported':
      return [w.ofMany(dates.number(m.count)), m.reason].filter(Boolean).join(', ');
    case 'OfficeChanged':
      return m.changes.length > 0 ? changesOf(m.changes, w) : shortOf(m.reason, w);
    case 'ContentRead':
      return shortOf(m.reason, w);
    default:
      return 'reason' in m ? m.reason : '';
  }
}

/** What each setting was and is. */
function changesOf(changes: Extract<Movement, { __typename: 'OfficeChanged' }>['changes'], w: RegisterWords): string {
  const said = (value: string): string => (value === '' ? w.nothing : w.values[value] ?? `«${value}»`);
  return changes.map((c) => `${w.short[c.what] ?? c.what}: ${w.fromTo(said(c.from), said(c.to))}`).join('; ');
}

/** Why a server failed: what that means, where it is known, and what was said. */
function meant(reason: string, w: RegisterWords): string {
  const meaning = meaningOf(reason);
  return meaning ? `${w.meanings[meaning]} (${reason})` : reason;
}

/** Words that the register keeps in one language, in that of the reader; what is not known stays. */
function shortOf(text: string, w: RegisterWords): string {
  return text.split(', ').map((part) => part.split(': ').map((word) => w.short[word] ?? word).join(': ')).join(', ');
}

/** The office or mailbox that it is about, and where it came from. */
export function placeOf(m: Movement, w: RegisterWords): string {
  const to = ('office' in m ? m.office?.name : undefined) ?? ('mailbox' in m ? m.mailbox?.address : undefined) ?? '';
  const from = ('fromOffice' in m ? m.fromOffice?.name : undefined) ?? '';
  return from === '' ? to : to === '' ? from : w.fromTo(from, to);
}

/** Whom it is about. */
export function peopleOf(m: Movement, w: RegisterWords): string {
  const to = ('person' in m ? m.person?.name : undefined) ?? '';
  const from = ('fromPerson' in m ? m.fromPerson?.name : undefined) ?? '';
  const others = 'people' in m ? m.people.map((p) => p.name).join(', ') : '';
  return [from === '' || to === '' ? to || from : w.fromTo(from, to), others].filter(Boolean).join('; ');
}
