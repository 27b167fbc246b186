// Sorting many cases as a job: some at a time, so that it is seen how far it is, and
// what could not be sorted is told case by case.

import { ask, Unreachable } from '../api/ask';
import { CasesAllDocument, CasesBulkDocument, type CasesAllQuery } from '../generated/graphql';
import type { Question } from '../live/list';
import type { Row, Rows } from '../live/rows';

export interface Job {
  total: number;
  /** Ids of those that are sorted. */
  done: readonly string[];
  failed: readonly { row: Row; why: string }[];
  /** Of which nobody knows whether the server heard of them. */
  unheard: readonly Row[];
  running: boolean;
}

/** How many are commanded at once: few enough that progress is seen. */
const atOnce = 50;

/** Sorts cases and tells how far it is. `why` says in words what the errors of one, or the failure of a whole request, mean. */
export async function sortInBulk(
  many: readonly Row[],
  to: { officeId: string; note: string },
  why: (refusal: unknown) => string,
  tell: (job: Job) => void,
): Promise<Job> {
  let job: Job = { total: many.length, done: [], failed: [], unheard: [], running: true };
  tell(job);
  for (let at = 0; at < many.length; at += atOnce) {
    const some = many.slice(at, at + atOnce);
    const cases = some.map((r) => ({ caseId: r.id, version: r.version }));
    const done: string[] = [];
    const failed: { row: Row; why: string }[] = [];
    const unheard: Row[] = [];
    try {
      const { casesBulk: sorted } = await ask(CasesBulkDocument, { input: { command: 'SORT', cases, officeId: to.officeId, reason: to.note || null } });
      const outcomes = new Map(sorted.outcomes.map((o) => [o.caseId, o]));
      for (const row of some) {
        const outcome = outcomes.get(row.id);
        if (outcome?.done) {
          done.push(row.id);
        } else {
          failed.push({ row, why: why(outcome?.userErrors ?? sorted.userErrors) });
        }
      }
    } catch (failure) {
      if (failure instanceof Unreachable) {
        unheard.push(...some);
      } else {
        failed.push(...some.map((row) => ({ row, why: why(failure) })));
      }
    }
    job = { ...job, done: [...job.done, ...done], failed: [...job.failed, ...failed], unheard: [...job.unheard, ...unheard], running: at + atOnce < many.length };
    tell(job);
  }
  return job;
}

/** How many cases are read at most to be selected. */
const most = 5_000;

/** Reads all cases that a question finds, and tells how many it has; gives their ids, in the order of the list. */
export async function readAll({ filter, order }: Question, rows: Rows, tell: (n: number) => void, signal: AbortSignal): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null = null; ids.length < most; ) {
    const { cases }: CasesAllQuery = await ask(CasesAllDocument, { first: 100, after, filter, orderBy: order }, signal);
    ids.push(...cases.nodes.map((row) => rows.put(row).id));
    tell(ids.length);
    after = cases.pageInfo.endCursor;
    if (!cases.pageInfo.hasNextPage || after === null) {
      break;
    }
  }
  return ids;
}
