// What the sorting desk shows, as its address says it.

import type { CaseFilter, CaseOrder } from '../generated/graphql';
import type { Said } from '../shell/address';
import { dayOf, startOfDay } from '../shell/days';

/** The parts that the desk's mail falls into. */
export const splits = ['toSort', 'proposed', 'doubtful', 'ordinary', 'repeated', 'late', 'moved'] as const;
export type Split = (typeof splits)[number];

export interface DeskSearch {
  split?: Split;
  text?: string;
  mailbox?: string;
  office?: string;
  /** Oldest first. */
  oldest?: '1';
  /** The id of the case that is read. */
  read?: string;
}

export function readDeskSearch(said: Said): DeskSearch {
  return {
    split: splits.find((s) => s === said['split'] && s !== 'toSort'),
    text: said['text'],
    mailbox: said['mailbox'],
    office: said['office'],
    oldest: said['oldest'] === '1' ? '1' : undefined,
    read: said['read'],
  };
}

/** The filter of a part, without what the person narrows it by. */
export function filterOfSplit(split: Split): CaseFilter {
  switch (split) {
    case 'toSort':
      return { statuses: ['TO_SORT'] };
    case 'proposed': // an office has worked what this sender wrote
      return { statuses: ['TO_SORT'], senderKnown: true };
    case 'doubtful': // an anomaly, ordinary mail, or a signature that does not hold
      return { statuses: ['TO_SORT'], doubtful: true };
    case 'ordinary':
      return { statuses: ['TO_SORT'], kinds: ['ORDINARY', 'ANOMALY'] };
    case 'repeated':
      return { statuses: ['TO_SORT'], repeated: true };
    case 'late':
      return { statuses: ['TO_SORT', 'TO_ASSIGN', 'IN_PROGRESS', 'ANSWERING'], urgencies: ['BREACHED', 'DUE_SOON'] };
    case 'moved': // today
      return { statuses: ['TO_ASSIGN', 'IN_PROGRESS', 'ANSWERING', 'CLOSED'], sortedFrom: startOfDay(dayOf(new Date())).toISOString() };
  }
}

export function questionOf(search: DeskSearch): { filter: CaseFilter; order: CaseOrder } {
  const split = search.split ?? 'toSort';
  const filter = filterOfSplit(split);
  const text = search.text?.trim() ?? '';
  if (text.length >= 3) { // as the contract wants it
    filter.text = text;
  }
  if (search.mailbox) {
    filter.firstMailboxIds = [search.mailbox];
  }
  if (search.office) {
    filter.officeIds = [search.office];
  }
  const field = split === 'late' ? 'DUE_AT' : split === 'moved' ? 'CHANGED_AT' : 'RECEIVED_AT';
  return { filter, order: { field, direction: search.oldest || split === 'late' ? 'ASC' : 'DESC' } };
}
