// Whether a case belongs to a list, and where in it: what the server would say of
// it, said here at once. Conditions that a row does not tell are left to the server.

import type { CaseFilter, CaseOrder } from '../generated/graphql';
import type { Row } from './rows';

export type Judgement = 'in' | 'out' | 'unknown';

type Condition = (row: Row, filter: CaseFilter) => boolean | 'unknown';

/** One condition for each field of CaseFilter; the compiler misses none. */
const conditions: Required<{ [field in keyof CaseFilter]: Condition }> = {
  statuses: (r, f) => f.statuses!.includes(r.status),
  officeIds: (r, f) => !!r.office && f.officeIds!.includes(r.office.id),
  assigneeIds: (r, f) => !!r.assignee && f.assigneeIds!.includes(r.assignee.id),
  unassigned: (r, f) => !f.unassigned || !r.assignee,
  urgencies: (r, f) => f.urgencies!.includes(r.urgency),
  priorities: (r, f) => f.priorities!.includes(r.priority),
  firstMailboxIds: (r, f) => (r.mailbox === undefined ? 'unknown' : !!r.mailbox && f.firstMailboxIds!.includes(r.mailbox.id)),
  dueBefore: (r, f) => !!r.dueAt && r.dueAt < f.dueBefore!,
  receivedFrom: (r, f) => r.receivedAt >= f.receivedFrom!,
  receivedBefore: (r, f) => r.receivedAt < f.receivedBefore!,
  mailboxIds: () => 'unknown',
  kinds: () => 'unknown',
  verdicts: () => 'unknown',
  text: () => 'unknown',
  doubtful: () => 'unknown',
  repeated: (r, f) => (r.repeated === null ? false : r.repeated === f.repeated), // what may not be read is found by neither
  senderKnown: (r) => (r.status === 'TO_SORT' ? 'unknown' : false),
  sortedByIds: () => 'unknown',
  sortedFrom: () => 'unknown',
  openAt: () => 'unknown',
  assignedFrom: () => 'unknown',
  assignedBefore: () => 'unknown',
  closedFrom: () => 'unknown',
  closedBefore: () => 'unknown',
  breachedFrom: () => 'unknown',
  breachedBefore: () => 'unknown',
};

export function judge(row: Row, filter: CaseFilter): Judgement {
  let unknown = false;
  for (const [field, holds] of Object.entries(conditions) as [keyof CaseFilter, Condition][]) {
    if (filter[field] === undefined || filter[field] === null) {
      continue;
    }
    const is = holds(row, filter);
    if (is === false) {
      return 'out'; // whatever the server says of the rest
    }
    unknown ||= is === 'unknown';
  }
  return unknown ? 'unknown' : 'in';
}

/** Whether what became of one case can bring others into a list: those of its sender, once an office works it. */
export function bringsOthers(row: Row, filter: CaseFilter): boolean {
  return typeof filter.senderKnown === 'boolean' && ['IN_PROGRESS', 'CLOSED'].includes(row.status);
}

/** Sorts rows as the server does: by the field, then by the id's order of arrival. */
export function compare(order: CaseOrder): (a: Row, b: Row) => number {
  const way = order.direction === 'ASC' ? 1 : -1;
  const value = (r: Row): string => {
    switch (order.field) {
      case 'RECEIVED_AT':
        return r.receivedAt;
      case 'CHANGED_AT':
        return r.changedAt;
      case 'DUE_AT':
        return r.dueAt ?? '9'; // what is not due comes last
    }
  };
  return (a, b) => {
    if (order.field === 'DUE_AT' && (!a.dueAt || !b.dueAt) && a.dueAt !== b.dueAt) {
      return a.dueAt ? -1 : 1;
    }
    const [x, y] = [value(a), value(b)];
    return x === y ? way * compareNumbers(a.number, b.number) : x < y ? -way : way;
  };
}

/** Numbers as 2026/000114 compare as texts, as long as they have as many digits. */
function compareNumbers(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
