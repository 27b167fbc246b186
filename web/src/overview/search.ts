// What the overview shows, as its address says it, and where its figures lead.

import type { CasesSearch } from '../cases/search';
import { searchOf, type Said } from '../shell/address';
import { addDays, dayIn, daysBetween } from '../shell/days';

/** Lengths of a period that ends today, in days. */
export const lengths = ['7', '30', '90', '365'] as const;
export type Length = (typeof lengths)[number];
const usual: Length = '30';

/** The server counts no more days at once. */
const mostDays = 400;

export interface OverviewSearch {
  days?: Length;
  from?: string;
  until?: string;
  office?: string;
}

export function readOverviewSearch(said: Said): OverviewSearch {
  return {
    days: lengths.find((n) => n === said['days'] && n !== usual),
    from: dayIn(said['from']),
    until: dayIn(said['until']),
    office: said['office'],
  };
}

/** Days, the first and the last included. */
export interface Period {
  from: string;
  until: string;
  /** How long it is when it ends today and nobody said from when. */
  length?: Length;
}

/** The period that an address means, as long as the server allows and no shorter than a day. */
export function periodOf({ days = usual, from, until }: OverviewSearch, today: string): Period {
  if (!from && !until) {
    return { from: addDays(today, 1 - Number(days)), until: today, length: days };
  }
  const last = until ?? (from! > today ? from! : today);
  const first = from ?? addDays(last, 1 - Number(usual));
  const begins = first > last ? last : first;
  return { from: daysBetween(begins, last) >= mostDays ? addDays(last, 1 - mostDays) : begins, until: last };
}

/** The list that a figure counts. Its words are those of the list's own address. */
export function listOf(search: CasesSearch): string {
  return `/cases${searchOf({ ...search })}`;
}

/** Which time of a case is counted. */
export type Counted = 'arrived' | 'assigned' | 'closed' | 'breached';

/** The list of what was counted in some days, of an office or of all. */
export function listIn(counted: Counted, { from, until }: Pick<Period, 'from' | 'until'>, office?: string): string {
  const days = counted === 'arrived' ? { from, until } : { [`${counted}From`]: from, [`${counted}Until`]: until };
  return listOf({ status: 'unmerged', office, ...days });
}
