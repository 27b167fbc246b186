// What the list of all cases shows, as its address says it.

import type { CaseFilter, CaseOrder, CaseStatus, Urgency } from '../generated/graphql';
import type { Said } from '../shell/address';
import { dayIn, startOfDay } from '../shell/days';

export const statuses = ['TO_SORT', 'TO_ASSIGN', 'IN_PROGRESS', 'ANSWERING', 'CLOSED', 'MERGED'] as const satisfies readonly CaseStatus[];
export const urgencies = ['DUE_SOON', 'BREACHED'] as const satisfies readonly Urgency[];
export const orders = ['RECEIVED_AT', 'CHANGED_AT', 'DUE_AT'] as const;

/** Several statuses by one word. */
export const groups = {
  open: ['TO_SORT', 'TO_ASSIGN', 'IN_PROGRESS', 'ANSWERING'],
  unmerged: ['TO_SORT', 'TO_ASSIGN', 'IN_PROGRESS', 'ANSWERING', 'CLOSED'],
} as const satisfies Record<string, readonly CaseStatus[]>;
export type StatusGroup = keyof typeof groups;
export const groupNames = Object.keys(groups) as StatusGroup[];

/** What happened to a case in a span of days: each has a first and a last one. */
export const spans = ['assigned', 'closed', 'breached'] as const;
export type Span = (typeof spans)[number];

export interface CasesSearch {
  text?: string;
  status?: CaseStatus | StatusGroup;
  office?: string;
  urgency?: Urgency;
  /** Received on this day or later. */
  from?: string;
  /** Received on this day or before. */
  until?: string;
  assignedFrom?: string;
  assignedUntil?: string;
  closedFrom?: string;
  closedUntil?: string;
  breachedFrom?: string;
  breachedUntil?: string;
  /** Open at the end of this day. */
  openOn?: string;
  /** The id of the sorter who sent it to its office. */
  sortedBy?: string;
  /** Sorted on this day or later. */
  sortedFrom?: string;
  mailbox?: string;
  order?: (typeof orders)[number];
  read?: string;
}

export function readCasesSearch(said: Said): CasesSearch {
  const day = (name: keyof CasesSearch): string | undefined => dayIn(said[name]);
  return {
    text: said['text'],
    status: [...statuses, ...groupNames].find((s) => s === said['status']),
    office: said['office'],
    urgency: urgencies.find((u) => u === said['urgency']),
    from: day('from'),
    until: day('until'),
    assignedFrom: day('assignedFrom'),
    assignedUntil: day('assignedUntil'),
    closedFrom: day('closedFrom'),
    closedUntil: day('closedUntil'),
    breachedFrom: day('breachedFrom'),
    breachedUntil: day('breachedUntil'),
    openOn: day('openOn'),
    sortedBy: said['sortedBy'],
    sortedFrom: day('sortedFrom'),
    mailbox: said['mailbox'],
    order: orders.find((o) => o === said['order']),
    read: said['read'],
  };
}

export function questionOf(search: CasesSearch): { filter: CaseFilter; order: CaseOrder } {
  const { status } = search;
  const text = search.text?.trim() ?? '';
  const begins = (day: string | undefined): string | undefined => day && startOfDay(day).toISOString();
  const ends = (day: string | undefined): string | undefined => day && startOfDay(day, 1).toISOString(); // the day itself included
  const filter: CaseFilter = {
    text: text.length >= 3 ? text : undefined, // as the contract wants it
    statuses: status && (status in groups ? [...groups[status as StatusGroup]] : [status as CaseStatus]),
    officeIds: search.office ? [search.office] : undefined,
    urgencies: search.urgency ? [search.urgency] : undefined,
    firstMailboxIds: search.mailbox ? [search.mailbox] : undefined,
    receivedFrom: begins(search.from),
    receivedBefore: ends(search.until),
    assignedFrom: begins(search.assignedFrom),
    assignedBefore: ends(search.assignedUntil),
    closedFrom: begins(search.closedFrom),
    closedBefore: ends(search.closedUntil),
    breachedFrom: begins(search.breachedFrom),
    breachedBefore: ends(search.breachedUntil),
    openAt: ends(search.openOn),
    sortedByIds: search.sortedBy ? [search.sortedBy] : undefined,
    sortedFrom: begins(search.sortedFrom),
  };
  const field = search.order ?? 'RECEIVED_AT';
  return { filter, order: { field, direction: field === 'DUE_AT' ? 'ASC' : 'DESC' } };
}
