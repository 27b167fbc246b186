// What the list of all cases shows, as its address says it.

import type { CaseFilter, CaseOrder, CaseStatus, Urgency } from '../generated/graphql';
import type { Said } from '../shell/address';

export const statuses = ['TO_SORT', 'TO_ASSIGN', 'IN_PROGRESS', 'ANSWERING', 'CLOSED', 'MERGED'] as const satisfies readonly CaseStatus[];
export const urgencies = ['DUE_SOON', 'BREACHED'] as const satisfies readonly Urgency[];
export const orders = ['RECEIVED_AT', 'CHANGED_AT', 'DUE_AT'] as const;

export interface CasesSearch {
  text?: string;
  status?: CaseStatus;
  office?: string;
  urgency?: Urgency;
  from?: string;
  until?: string;
  order?: (typeof orders)[number];
  read?: string;
}

export function readCasesSearch(said: Said): CasesSearch {
  const day = (text: string | undefined): string | undefined => (/^\d{4}-\d{2}-\d{2}$/.test(text ?? '') ? text : undefined);
  return {
    text: said['text'],
    status: statuses.find((s) => s === said['status']),
    office: said['office'],
    urgency: urgencies.find((u) => u === said['urgency']),
    from: day(said['from']),
    until: day(said['until']),
    order: orders.find((o) => o === said['order']),
    read: said['read'],
  };
}

export function questionOf(search: CasesSearch): { filter: CaseFilter; order: CaseOrder } {
  const filter: CaseFilter = {};
  const text = search.text?.trim() ?? '';
  if (text.length >= 3) {
    filter.text = text;
  }
  if (search.status) {
    filter.statuses = [search.status];
  }
  if (search.office) {
    filter.officeIds = [search.office];
  }
  if (search.urgency) {
    filter.urgencies = [search.urgency];
  }
  if (search.from) {
    filter.receivedFrom = startOfDay(search.from).toISOString();
  }
  if (search.until) { // the day itself included
    filter.receivedBefore = startOfDay(search.until, 1).toISOString();
  }
  const field = search.order ?? 'RECEIVED_AT';
  return { filter, order: { field, direction: field === 'DUE_AT' ? 'ASC' : 'DESC' } };
}

/** The moment at which a day, as 2026-11-22, begins in Rome; some days later if wanted. */
export function startOfDay(day: string, later = 0): Date {
  const utc = new Date(`${day}T00:00:00Z`);
  utc.setUTCDate(utc.getUTCDate() + later);
  const offset = (at: Date): number => {
    const shown = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Rome', timeZoneName: 'longOffset' }).formatToParts(at);
    const [, hours = '0', minutes = '0'] = /GMT\+(\d+):(\d+)/.exec(shown.find((p) => p.type === 'timeZoneName')?.value ?? '') ?? [];
    return (Number(hours) * 60 + Number(minutes)) * 60_000;
  };
  const guess = new Date(utc.getTime() - offset(utc));
  return new Date(utc.getTime() - offset(guess));
}
