// What the register shows, as its address says it.

import { startOfDay } from '../../shell/days';
import type { EventFilter } from '../../generated/graphql';
import type { Said } from '../../shell/address';
import { kindsOf } from './kinds';

export interface RegisterSearch {
  /** A group of kinds, or one. */
  kind?: string;
  person?: string;
  office?: string;
  mailbox?: string;
  /** The number of a case. */
  case?: string;
  from?: string;
  until?: string;
}

export function readRegisterSearch(said: Said): RegisterSearch {
  const day = (text: string | undefined): string | undefined => (text && /^\d{4}-\d\d-\d\d$/.test(text) ? text : undefined);
  return {
    kind: said['kind'], person: said['person'], office: said['office'], mailbox: said['mailbox'], case: said['case'], from: day(said['from']), until: day(said['until']),
  };
}

/** The filter for it; the case is known by its id only after it was looked up. */
export function filterOf(search: RegisterSearch, caseId: string | undefined): EventFilter {
  const filter: EventFilter = {};
  const kinds = kindsOf(search.kind);
  if (kinds) {
    filter.kinds = [...kinds];
  }
  if (search.person) {
    filter.personIds = [search.person];
  }
  if (search.office) {
    filter.officeIds = [search.office];
  }
  if (search.mailbox) {
    filter.mailboxIds = [search.mailbox];
  }
  if (caseId) {
    filter.caseIds = [caseId];
  }
  if (search.from) {
    filter.from = startOfDay(search.from).toISOString();
  }
  if (search.until) { // the day itself included
    filter.before = startOfDay(search.until, 1).toISOString();
  }
  return filter;
}

/** Where the export of what a filter finds is. */
export function exportAddress(form: 'csv' | 'jsonl', filter: EventFilter): string {
  const said = new URLSearchParams();
  const all = (name: string, values: readonly (string | number)[] | null | undefined): void => values?.forEach((v) => said.append(name, String(v)));
  all('kind', filter.kinds);
  all('person', filter.personIds);
  all('office', filter.officeIds);
  all('mailbox', filter.mailboxIds);
  all('case', filter.caseIds);
  all('from', filter.from ? [filter.from] : []);
  all('before', filter.before ? [filter.before] : []);
  return `/api/v1/register.${form}${said.size > 0 ? `?${said}` : ''}`;
}
