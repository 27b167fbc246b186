// What somebody has to do, by when: which group a case belongs to, and the next
// thing to be done about it.

import { dayOf, endOfWeek } from '../cases/days';
import { waitsFor, type Inquiry, type Work } from '../cases/work';
import { compare } from '../live/judge';
import type { Row } from '../live/rows';

export const groups = ['asked', 'late', 'today', 'week', 'later', 'undated', 'waiting', 'toTake'] as const;
export type Group = (typeof groups)[number];

/** Where a case stands on somebody's list; null when it is done, or somebody else's. */
export function groupOf(row: Row, work: Work | undefined, me: string, now: Date): Group | null {
  if (row.status === 'TO_ASSIGN') {
    return row.assignee === null ? 'toTake' : null;
  }
  if (row.assignee?.id !== me || (row.status !== 'IN_PROGRESS' && row.status !== 'ANSWERING')) {
    return null;
  }
  if ((work?.open.length ?? 0) > 0) {
    return 'asked';
  }
  if (waitsFor(row, work) !== null) {
    return 'waiting';
  }
  if (row.dueAt === null) {
    return row.urgency === 'BREACHED' ? 'late' : 'undated';
  }
  const today = dayOf(now);
  if (row.urgency === 'BREACHED' || row.dueAt < now.toISOString()) {
    return 'late';
  }
  return dayOf(row.dueAt) === today ? 'today' : row.dueAt < endOfWeek(today).toISOString() ? 'week' : 'later';
}

const byTerm = compare({ field: 'DUE_AT', direction: 'ASC' });

/** The groups that have something in them, in order; what is due first stands above. */
export function grouped(rows: readonly Row[], work: ReadonlyMap<string, Work>, me: string, now: Date): { group: Group; rows: readonly Row[] }[] {
  const at = new Map(rows.map((r) => [r, groupOf(r, work.get(r.id), me, now)]));
  return groups.map((group) => ({ group, rows: rows.filter((r) => at.get(r) === group).sort(byTerm) })).filter((g) => g.rows.length > 0);
}

/** The next thing to be done about a case. */
export type Next =
  | { does: 'answer'; inquiry: Inquiry }
  | { does: 'take' | 'reply' | 'finish' | 'sendAgain' | 'settle' }
  | { does: 'correct'; by: string; remark: string }
  | { does: 'wait'; for: NonNullable<ReturnType<typeof waitsFor>> };

export function nextOf(row: Row, work: Work | undefined): Next {
  const asked = work?.open[0];
  if (row.status === 'TO_ASSIGN') {
    return { does: 'take' };
  }
  if (asked) {
    return { does: 'answer', inquiry: asked };
  }
  const waits = waitsFor(row, work);
  if (work?.reply?.state === 'UNCERTAIN') {
    return { does: 'settle' };
  }
  if (waits !== null) {
    return { does: 'wait', for: waits };
  }
  if (work?.reply?.state === 'REFUSED') {
    return { does: 'sendAgain' };
  }
  if (work?.reply?.state === 'DRAFT') {
    const refused = sentBack(work.reply.approvals);
    return refused ? { does: 'correct', by: refused.decidedBy.name, remark: refused.remark } : { does: 'finish' };
  }
  return { does: 'reply' };
}

/** The last word of those who approve, when it was a no. */
export function sentBack<A extends { approved: boolean }>(approvals: readonly A[]): A | null {
  const last = approvals.at(-1);
  return last && !last.approved ? last : null;
}
