// What the page of movements shows, as its address says it.

import type { EventKind } from '../generated/graphql';
import type { Said } from '../shell/address';

/** Kinds of movements, as a person asks for them. */
export const kinds = {
  moved: ['CASE_OPENED', 'CASE_ROUTED', 'CASE_SORTED', 'CASE_TAKEN_BACK', 'CASE_RETURNED', 'CASE_ASSIGNED', 'CASE_UNASSIGNED', 'CASE_INFORMED', 'CASE_MERGED', 'CASE_UNMERGED'],
  answered: ['REPLY_SENT', 'REPLY_REFUSED', 'REPLY_UNCERTAIN', 'RECEIPT_MISSING', 'CASE_CLOSED', 'CASE_REOPENED'],
  asked: ['SOLLECITO_SENT', 'CLARIFICATION_ASKED', 'INQUIRY_ANSWERED', 'TERM_DUE_SOON', 'TERM_BREACHED', 'TERM_SUSPENDED', 'TERM_RESUMED', 'TERM_REMINDED'],
} as const satisfies Record<string, readonly EventKind[]>;
export type Kinds = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as Kinds[];

export interface MovementsSearch {
  kind?: Kinds;
  office?: string;
}

export function readMovementsSearch(said: Said): MovementsSearch {
  return { kind: kindNames.find((k) => k === said['kind']), office: said['office'] };
}

/** The kinds of the register that are meant. */
export function kindsOf(kind: Kinds | undefined): EventKind[] {
  return kind ? [...kinds[kind]] : Object.values(kinds).flat();
}
