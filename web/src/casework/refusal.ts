// Why a command was not carried out, in words; and whether it can be done anyway.

import { Unreachable } from '../api/ask';
import type { CaseRowFragment, ErrorFragment, EventKind } from '../generated/graphql';
import type { Speech } from '../words/words';
import type { CaseworkWords } from './words';

export interface Refusal {
  text: string;
  /** The version of the case since which it can be done anyway. */
  version?: number;
}

/** Why a command was refused, with who had been faster. */
export function told(errors: readonly ErrorFragment[], { t, dates }: Pick<Speech, 't' | 'dates'>): string {
  const [error] = errors;
  if (!error) {
    return '';
  }
  const last = error.__typename === 'StaleCaseError' ? error.changes.at(-1) : undefined;
  return last ? t.conflict.told(error.message, last.actor || t.someone, dates.clock(last.at)) : error.message;
}

/** The same of one case, as it is seen now: what somebody made of it in the meantime. */
export function refusalOf(errors: readonly ErrorFragment[], now: CaseRowFragment | null, { t, dates }: Pick<Speech, 't' | 'dates'>, w: CaseworkWords): Refusal {
  const [error] = errors;
  if (error?.__typename !== 'StaleCaseError') {
    return { text: told(errors, { t, dates }) };
  }
  const changes = error.changes.map(({ kind, actor, at }) => w.changed(whatOf(kind, actor, now, w), actor || t.someone, dates.clock(at)));
  return { text: changes.length > 0 ? changes.join('; ') : error.message, version: error.currentVersion };
}

function whatOf(kind: EventKind, actor: string, now: CaseRowFragment | null, w: CaseworkWords): string {
  switch (kind) {
    case 'CASE_ASSIGNED': return now?.assignee?.name === actor ? w.changes.taken : now?.assignee ? w.changes.assignedTo(now.assignee.name) : w.changes.assigned;
    case 'CASE_UNASSIGNED': return w.changes.unassigned;
    case 'CASE_SORTED': return now?.office ? w.changes.sortedTo(now.office.name) : w.changes.sorted;
    case 'CASE_RETURNED': return w.changes.returned;
    case 'CASE_TAKEN_BACK': return w.changes.takenBack;
    case 'CASE_CLOSED': return w.changes.closed;
    case 'CASE_REOPENED': return w.changes.reopened;
    case 'CASE_PRIORITY_CHANGED': return w.changes.prioritised;
    case 'CASE_INFORMED': return w.changes.informed;
    case 'CASE_RESERVED':
    case 'CASE_UNRESERVED': return w.changes.reserved;
    case 'CASE_MERGED':
    case 'CASE_UNMERGED': return w.changes.merged;
    default: return w.changes.other;
  }
}

/** Why nothing came of a question. */
export function whyOf(failure: unknown, t: Speech['t']): string {
  return failure instanceof Unreachable ? t.unreachable : failure instanceof Error ? failure.message : String(failure);
}
