import { afterEach, expect, test, vi } from 'vitest';
import { Rows, type Row } from '../live/rows';
import { readAll, sortInBulk, type Job } from './in-bulk';

const row = (n: number): Row => ({ id: `c${n}`, number: `2026/${n}`, version: n }) as Row;
const words = (said: unknown): string => (Array.isArray(said) ? (said as { message: string }[]).map((e) => e.message).join() : String(said));

function answering(answer: (variables: Record<string, never>) => unknown): Record<string, unknown>[] {
  const asked: Record<string, unknown>[] = [];
  vi.stubGlobal('fetch', (_: string, init: { body: string }) => {
    const { variables } = JSON.parse(init.body) as { variables: Record<string, never> };
    asked.push(variables);
    return Promise.resolve(Response.json({ data: answer(variables) }));
  });
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

test('many are sorted some at a time, and each that was refused is told with its reason', async () => {
  const asked = answering(({ input }: { input?: { cases: { caseId: string }[] } }) => ({
    casesBulk: { userErrors: [], outcomes: input!.cases.map(({ caseId }) => (caseId === 'c60' ? { caseId, done: false, userErrors: [{ message: 'too late' }] } : { caseId, done: true, userErrors: [] })) },
  }));
  const told: Job[] = [];
  const job = await sortInBulk(Array.from({ length: 120 }, (_, i) => row(i)), { officeId: 'o', note: '' }, words, (j) => told.push(j));
  expect(asked).toHaveLength(3);
  expect(told.map((j) => [j.done.length, j.failed.length, j.running])).toEqual([[0, 0, true], [50, 0, true], [99, 1, true], [119, 1, false]]);
  expect(job.failed).toEqual([{ row: row(60), why: 'too late' }]);
});

test('a request that is refused as a whole fails for its own cases alone', async () => {
  let n = 0;
  answering(({ input }: { input?: { cases: { caseId: string }[] } }) => (n++ === 0
    ? { casesBulk: { userErrors: [{ message: 'no such office' }], outcomes: [] } }
    : { casesBulk: { userErrors: [], outcomes: input!.cases.map(({ caseId }) => ({ caseId, done: true, userErrors: [] })) } }));
  const job = await sortInBulk(Array.from({ length: 60 }, (_, i) => row(i)), { officeId: 'o', note: '' }, words, () => undefined);
  expect([job.done.length, job.failed.length, job.failed[0]?.why]).toEqual([10, 50, 'no such office']);
});

test('all that a filter finds are read page by page, and known by their versions', async () => {
  answering(({ after }: { after?: string }) => ({
    cases: { nodes: [row(after === 'p' ? 2 : 1)], pageInfo: after === 'p' ? { hasNextPage: false, endCursor: 'q' } : { hasNextPage: true, endCursor: 'p' } },
  }));
  const rows = new Rows();
  const counts: number[] = [];
  const ids = await readAll({ filter: {}, order: { field: 'RECEIVED_AT' } }, rows, (n) => counts.push(n), new AbortController().signal);
  expect(ids).toEqual(['c1', 'c2']);
  expect(counts).toEqual([1, 2]);
  expect(rows.get('c2')?.version).toBe(2);
});
