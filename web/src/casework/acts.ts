// What people do to a case: each act with all that it takes, how it is commanded,
// what is shown of it before the server has answered, and what takes it back.

import { ask } from '../api/ask';
import {
  CaseAskDocument, CaseAssignDocument, CaseBreakGlassDocument, CaseClaimDocument, CaseCloseDocument, CaseFollowDocument, CaseInformDocument, CaseKeepClaimDocument,
  CaseMergeDocument, CaseNoteDocument, CaseReleaseDocument, CaseRemindDocument, CaseReopenDocument, CaseReserveDocument, CaseReturnDocument, CaseSendToDocument,
  CaseSetPriorityDocument, CaseTakeBackDocument, CaseTakeDocument, CaseUnassignDocument, CaseUnfollowDocument, CaseUnmergeDocument, CaseUnreserveDocument, CaseWantClaimDocument,
  InquiryAnswerDocument, type CaseActedFragment, type CaseCommand, type CaseOutcome, type CasePriority, type CasesBulkInput,
} from '../generated/graphql';
import type { Row } from '../live/rows';

/** A person or an office. */
export interface Named {
  id: string;
  name: string;
}

export type Act =
  | { does: 'SORT'; office: Named; note: string; informed?: readonly Named[] }
  | { does: 'ASSIGN'; person: Named; standsIn?: Named; reason: string }
  | { does: 'RETURN' | 'TAKE_BACK' | 'UNASSIGN' | 'REOPEN' | 'BREAK_GLASS'; text: string }
  | { does: 'NOTE' | 'REMIND' | 'ASK'; text: string }
  | { does: 'CLOSE'; outcome: CaseOutcome; text: string }
  | { does: 'PRIORITISE'; priority: CasePriority }
  | { does: 'INFORM'; offices: readonly Named[]; before: readonly Named[] }
  | { does: 'RESERVE'; readers: readonly Named[] }
  | { does: 'MERGE'; into: { id: string; number: string; version: number }; text: string }
  | { does: 'ANSWER'; inquiry: string; text: string }
  | { does: 'KEEP_CLAIM'; decline: boolean }
  | { does: 'TAKE' | 'UNRESERVE' | 'UNMERGE' | 'FOLLOW' | 'UNFOLLOW' | 'CLAIM' | 'WANT_CLAIM' | 'RELEASE' };

export type Doing = Act['does'];

/** A case as somebody saw it. */
export type Seen = Pick<Row, 'id' | 'version'>;

/** Commands an act, on a case as it was seen. */
export async function command(act: Act, { id: caseId, version }: Seen): Promise<CaseActedFragment> {
  const ref = { caseId };
  const seen = { caseId, version };
  switch (act.does) {
    case 'SORT': return (await ask(CaseSendToDocument, { input: { ...seen, officeId: act.office.id, note: act.note || null, informOfficeIds: act.informed?.length ? act.informed.map((o) => o.id) : null } })).caseSort;
    case 'ASSIGN': return (await ask(CaseAssignDocument, { input: { ...seen, assigneeId: act.person.id, reason: act.reason || null } })).caseAssign;
    case 'TAKE': return (await ask(CaseTakeDocument, { input: seen })).caseTake;
    case 'RETURN': return (await ask(CaseReturnDocument, { input: { ...seen, reason: act.text } })).caseReturn;
    case 'TAKE_BACK': return (await ask(CaseTakeBackDocument, { input: { ...seen, reason: act.text } })).caseTakeBack;
    case 'UNASSIGN': return (await ask(CaseUnassignDocument, { input: { ...seen, reason: act.text } })).caseUnassign;
    case 'REOPEN': return (await ask(CaseReopenDocument, { input: { ...seen, reason: act.text } })).caseReopen;
    case 'NOTE': return (await ask(CaseNoteDocument, { input: { ...ref, text: act.text } })).caseNote;
    case 'CLOSE': return (await ask(CaseCloseDocument, { input: { ...seen, outcome: act.outcome, note: act.text || null } })).caseClose;
    case 'PRIORITISE': return (await ask(CaseSetPriorityDocument, { input: { ...seen, priority: act.priority } })).caseSetPriority;
    case 'INFORM': return (await ask(CaseInformDocument, { input: { ...seen, officeIds: act.offices.map((o) => o.id) } })).caseInform;
    case 'RESERVE': return (await ask(CaseReserveDocument, { input: { ...seen, readerIds: act.readers.map((p) => p.id) } })).caseReserve;
    case 'UNRESERVE': return (await ask(CaseUnreserveDocument, { input: seen })).caseUnreserve;
    case 'MERGE': return (await ask(CaseMergeDocument, { input: { ...seen, intoCaseId: act.into.id, intoVersion: act.into.version, reason: act.text || null } })).caseMerge;
    case 'UNMERGE': return (await ask(CaseUnmergeDocument, { input: seen })).caseUnmerge;
    case 'FOLLOW': return (await ask(CaseFollowDocument, { input: ref })).caseFollow;
    case 'UNFOLLOW': return (await ask(CaseUnfollowDocument, { input: ref })).caseUnfollow;
    case 'CLAIM': return (await ask(CaseClaimDocument, { input: ref })).caseClaim;
    case 'WANT_CLAIM': return (await ask(CaseWantClaimDocument, { input: ref })).caseWantClaim;
    case 'KEEP_CLAIM': return (await ask(CaseKeepClaimDocument, { input: { ...ref, decline: act.decline } })).caseKeepClaim;
    case 'RELEASE': return (await ask(CaseReleaseDocument, { input: ref })).caseRelease;
    case 'BREAK_GLASS': return (await ask(CaseBreakGlassDocument, { input: { ...ref, reason: act.text } })).caseBreakGlass;
    case 'REMIND': return (await ask(CaseRemindDocument, { input: { ...ref, text: act.text } })).caseRemind;
    case 'ASK': return (await ask(CaseAskDocument, { input: { ...ref, text: act.text } })).caseAsk;
    case 'ANSWER': return (await ask(InquiryAnswerDocument, { input: { inquiryId: act.inquiry, text: act.text } })).inquiryAnswer;
  }
}

/** The same as one command on many cases; null where each has to be done by itself. */
export function bulkOf(act: Act): Omit<CasesBulkInput, 'cases'> | null {
  switch (act.does) {
    case 'SORT': return { command: 'SORT', officeId: act.office.id, reason: act.note || null };
    case 'ASSIGN': return { command: 'ASSIGN', assigneeId: act.person.id, reason: act.reason || null };
    case 'CLOSE': return { command: 'CLOSE', outcome: act.outcome, reason: act.text || null };
    case 'PRIORITISE': return { command: 'PRIORITISE', priority: act.priority };
    case 'RETURN':
    case 'TAKE_BACK':
    case 'UNASSIGN':
    case 'REOPEN': return { command: act.does, reason: act.text };
    case 'TAKE':
    case 'FOLLOW': return { command: act.does };
    default: return null;
  }
}

/** Acts that can be done to many cases at once. */
export const ofMany: ReadonlySet<Doing> = new Set<Doing>(['SORT', 'ASSIGN', 'CLOSE', 'PRIORITISE', 'RETURN', 'TAKE_BACK', 'UNASSIGN', 'REOPEN', 'TAKE', 'FOLLOW']);

/** What an act makes of a case, shown before the server has answered. */
export function presumed(act: Act, row: Row, me: Named): Partial<Row> {
  switch (act.does) {
    case 'SORT': return { status: 'TO_ASSIGN', office: act.office };
    case 'ASSIGN': return {
      assignee: act.standsIn ?? act.person, onBehalfOf: act.standsIn ? act.person : null, status: row.status === 'ANSWERING' ? row.status : 'IN_PROGRESS',
    };
    case 'TAKE': return { assignee: me, onBehalfOf: null, status: 'IN_PROGRESS' };
    case 'RETURN':
    case 'TAKE_BACK': return { status: 'TO_SORT', office: null, assignee: null, onBehalfOf: null };
    case 'UNASSIGN': return { status: 'TO_ASSIGN', assignee: null, onBehalfOf: null };
    case 'CLOSE': return { status: 'CLOSED', outcome: act.outcome };
    case 'REOPEN': return { status: row.assignee ? 'IN_PROGRESS' : row.office ? 'TO_ASSIGN' : 'TO_SORT', outcome: null };
    case 'PRIORITISE': return { priority: act.priority };
    case 'RESERVE': return { reserved: true };
    case 'UNRESERVE': return { reserved: false };
    case 'MERGE': return { status: 'MERGED' };
    default: return {};
  }
}

/** What takes an act back, given the case before it and what may be done after it; null when nothing does. */
export function undoOf(act: Act, before: Row, mayDo: readonly CaseCommand[], why: string): Act | null {
  const undo = reverse(act, before, why);
  return undo && mayDo.includes(undo.does as CaseCommand) ? undo : null;
}

function reverse(act: Act, before: Row, why: string): Act | null {
  switch (act.does) {
    case 'SORT': return before.status === 'TO_SORT' ? { does: 'TAKE_BACK', text: why } : null;
    case 'ASSIGN': return before.assignee ? { does: 'ASSIGN', person: before.onBehalfOf ?? before.assignee, reason: why } : { does: 'UNASSIGN', text: why };
    case 'TAKE': return { does: 'UNASSIGN', text: why };
    case 'UNASSIGN': return before.assignee ? { does: 'ASSIGN', person: before.onBehalfOf ?? before.assignee, reason: why } : null;
    case 'TAKE_BACK': return before.office ? { does: 'SORT', office: before.office, note: '' } : null;
    case 'CLOSE': return { does: 'REOPEN', text: why };
    case 'REOPEN': return before.outcome ? { does: 'CLOSE', outcome: before.outcome, text: why } : null;
    case 'PRIORITISE': return { does: 'PRIORITISE', priority: before.priority };
    case 'INFORM': return { does: 'INFORM', offices: act.before, before: act.offices };
    case 'RESERVE': return { does: 'UNRESERVE' };
    case 'MERGE': return { does: 'UNMERGE' };
    case 'FOLLOW': return { does: 'UNFOLLOW' };
    case 'UNFOLLOW': return { does: 'FOLLOW' };
    case 'CLAIM': return { does: 'RELEASE' };
    case 'RELEASE': return { does: 'CLAIM' };
    default: return null;
  }
}
