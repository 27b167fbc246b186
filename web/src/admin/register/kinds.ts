// The kinds of movements, in groups as one looks for them.

import type { EventKind } from '../../generated/graphql';

export const groups = {
  mail: ['MESSAGE_RECEIVED', 'MESSAGE_SEEN', 'RECEIPT_LINKED', 'RECEIPT_UNMATCHED', 'OUTGOING_ARCHIVED', 'MESSAGE_QUARANTINED', 'MESSAGE_REPLAYED', 'RECEIPT_DIFFERS', 'RECEIPT_SUSPECT'],
  cases: [
    'CASE_OPENED', 'CASE_JOINED', 'CASE_ROUTED', 'CASE_SORTED', 'CASE_TAKEN_BACK', 'CASE_RETURNED', 'CASE_ASSIGNED', 'CASE_UNASSIGNED', 'CASE_NOTED', 'CASE_CLOSED', 'CASE_REOPENED',
    'CASE_PRIORITY_CHANGED', 'CASE_INFORMED', 'CASE_RESERVED', 'CASE_UNRESERVED', 'CASE_MERGED', 'CASE_UNMERGED', 'CASE_FOLLOWED', 'CASE_UNFOLLOWED', 'CASE_CLAIMED',
    'CLAIM_WANTED', 'CLAIM_KEPT', 'CASE_RELEASED', 'CASE_LOOKED_AT', 'SOLLECITO_SENT', 'CLARIFICATION_ASKED', 'INQUIRY_ANSWERED',
  ],
  terms: ['TERM_DUE_SOON', 'TERM_BREACHED', 'TERM_SUSPENDED', 'TERM_RESUMED', 'TERM_REMINDED'],
  replies: [
    'REPLY_STARTED', 'REPLY_SAVED', 'REPLY_OPENED', 'REPLY_FILE_ADDED', 'REPLY_FILE_REMOVED', 'REPLY_SUBMITTED', 'REPLY_APPROVED', 'REPLY_SENT_BACK', 'REPLY_VOIDED', 'REPLY_QUEUED',
    'REPLY_WITHDRAWN', 'REPLY_DISCARDED', 'REPLY_RESTORED', 'REPLY_DELAYED', 'REPLY_SENT', 'REPLY_UNCERTAIN', 'REPLY_REFUSED', 'DELIVERY_CHANGED', 'RECEIPT_MISSING',
  ],
  reading: ['CONTENT_READ', 'GLASS_BROKEN', 'REGISTER_EXPORTED'],
  people: [
    'SIGNED_IN', 'SIGN_IN_FAILED', 'SIGNED_OUT', 'USER_ADDED', 'USER_CHANGED', 'USER_DISABLED', 'USER_ENABLED', 'MEMBER_ADDED', 'MEMBER_REMOVED', 'TOKEN_MADE', 'TOKEN_REVOKED',
    'ABSENCE_PLANNED', 'ABSENCE_CANCELLED', 'ABSENCE_STARTED', 'ABSENCE_ENDED', 'NOTICE_FAILED',
  ],
  house: ['MAILBOX_HEALTH_CHANGED', 'MAILBOX_GAP', 'MAILBOX_RENUMBERED', 'MAILBOX_PASSWORD_SET', 'OFFICE_CHANGED', 'TEMPLATE_CHANGED', 'RULE_CHANGED', 'RULE_TRIED', 'DEADLINE_CHANGED', 'CLOSURE_CHANGED', 'PATRON_CHANGED'],
} as const satisfies Record<string, readonly EventKind[]>;

export type Group = keyof typeof groups;

export const groupNames = Object.keys(groups) as Group[];

/** The kinds that an address asks for: those of a group, or one; nothing for all. */
export function kindsOf(asked: string | undefined): readonly EventKind[] | undefined {
  const group = groupNames.find((g) => g === asked);
  if (group) {
    return groups[group];
  }
  const kind = groupNames.flatMap((g): readonly EventKind[] => groups[g]).find((k) => k === asked);
  return kind && [kind];
}

/** The kind of a movement: said by itself, or the name of its type. */
export function kindOf(movement: { __typename?: string; kind?: EventKind; other?: string }): string {
  return movement.kind ?? movement.other?.toUpperCase().replaceAll('-', '_') ?? (movement.__typename ?? '').replace(/(?!^)([A-Z])/g, '_$1').toUpperCase();
}
