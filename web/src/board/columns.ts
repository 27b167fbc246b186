// The board's reckoning: which case stands in which column, who has how much, and
// which commands move a case from one column to another.

import { dayOf, endOfWeek } from '../shell/days';
import { stageOf, type Stage, type Work } from '../cases/work';
import { compare } from '../live/judge';
import type { Row } from '../live/rows';
import type { BoardSearch } from './search';
import { groupBy } from '../shell/group-by';

export const stages = ['toAssign', 'assigned', 'working', 'waiting', 'done'] as const satisfies readonly Stage[];
export const nobody = 'nobody';

/** Cases in the order in which they stand. */
export interface Column {
  /** A stage, or the id of a person. */
  id: string;
  rows: readonly Row[];
}

const byTerm = compare({ field: 'DUE_AT', direction: 'ASC' });
const byChange = compare({ field: 'CHANGED_AT', direction: 'DESC' });

/** Whether a case is one of those that are wanted. */
export function isWanted(row: Row, work: Work | undefined, search: BoardSearch): boolean {
  return (search.person === undefined || (row.assignee?.id ?? nobody) === search.person)
    && (search.urgency === undefined || row.urgency === search.urgency)
    && (search.asked === undefined || (work?.open.length ?? 0) > 0);
}

/** The cases of an office by how far they are, what is due first above. */
export function byStage(rows: readonly Row[], work: ReadonlyMap<string, Work>): Column[] {
  const found = groupBy(rows, (r) => stageOf(r, work.get(r.id)));
  return stages.map((id) => ({ id, rows: [...(found.get(id) ?? [])].sort(id === 'done' ? byChange : byTerm) }));
}

/** The open cases of an office by who has them, those of nobody first. */
export function byPerson(rows: readonly Row[], people: readonly { id: string }[]): Column[] {
  const open = rows.filter((r) => r.status !== 'CLOSED');
  const found = groupBy(open, (r) => r.assignee?.id ?? nobody);
  const ids = new Set([nobody, ...people.map((p) => p.id), ...found.keys()]);
  return [...ids].map((id) => ({ id, rows: [...(found.get(id) ?? [])].sort(byTerm) }));
}

/** What somebody has to do. */
export interface Load {
  open: number;
  /** Due before the week ends, and not late. */
  week: number;
  late: number;
}

export function loads(rows: readonly Row[], now: Date): ReadonlyMap<string, Load> {
  const end = endOfWeek(dayOf(now)).toISOString();
  const all = new Map<string, Load>();
  for (const row of rows) {
    const id = row.assignee?.id;
    if (id === undefined || row.status === 'CLOSED') {
      continue;
    }
    const load = all.get(id) ?? { open: 0, week: 0, late: 0 };
    load.open++;
    load.late += isLate(row, now) ? 1 : 0;
    load.week += row.dueAt !== null && !isLate(row, now) && row.dueAt < end ? 1 : 0;
    all.set(id, load);
  }
  return all;
}

export function isLate(row: Row, now: Date): boolean {
  return row.urgency === 'BREACHED' || (row.dueAt !== null && row.dueAt < now.toISOString());
}

/** What moves a case: ASSIGN asks to whom, CLOSE how, UNASSIGN and REOPEN why. */
export type Move = 'ASSIGN' | 'UNASSIGN' | 'TAKE' | 'CLAIM' | 'CLOSE' | 'REOPEN';

/** The command that brings a case from where it stands to another column; null when none does. */
export function moveTo(to: Stage, row: Row, work: Work | undefined, me: string): Move | null {
  const from = stageOf(row, work);
  const may = (move: Move): Move | null => (work?.may.mayDo.includes(move) ? move : null);
  if (from === to || from === null) {
    return null;
  }
  switch (to) {
    case 'toAssign': return row.assignee ? may('UNASSIGN') : from === 'done' ? may('REOPEN') : null;
    case 'assigned': return from === 'toAssign' ? may('ASSIGN') : null;
    case 'working':
      if (from === 'toAssign') {
        return may('TAKE');
      }
      if (from === 'assigned') {
        return row.assignee?.id === me ? may('CLAIM') : null; // only who has it begins it
      }
      return row.status === 'ANSWERING' || (from === 'done' && row.assignee) ? may('REOPEN') : null;
    case 'waiting': return null; // a reply brings it there
    case 'done': return may('CLOSE');
  }
}

/** Where a case may be moved to, in the order of the columns. */
export function movesOf(row: Row, work: Work | undefined, me: string): readonly { to: Stage; move: Move }[] {
  return stages.flatMap((to) => {
    const move = moveTo(to, row, work, me);
    return move ? [{ to, move }] : [];
  });
}

/** The move to the next column on one side that a command leads to. */
export function moveAside(row: Row, work: Work | undefined, me: string, step: 1 | -1): { to: Stage; move: Move } | null {
  const at = stages.indexOf(stageOf(row, work) ?? 'toAssign');
  const moves = movesOf(row, work, me).filter(({ to }) => (stages.indexOf(to) - at) * step > 0);
  return (step > 0 ? moves[0] : moves.at(-1)) ?? null;
}
