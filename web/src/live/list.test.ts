import { beforeEach, expect, test } from 'vitest';
import type { CaseFilter, CaseOrder } from '../generated/graphql';
import { LiveList, type Page, type Question } from './list';
import type { Happening } from './register';
import { Rows, type Row } from './rows';

const desk: Question = { filter: { statuses: ['TO_SORT'] }, order: { field: 'RECEIVED_AT', direction: 'DESC' } };

/** A case that was received at a minute of an hour. */
function row(minute: number, change: Partial<Row> = {}): Row {
  const two = String(minute).padStart(2, '0');
  return {
    id: `case${two}`, number: `2026/0000${two}`, status: 'TO_SORT', subject: 's', senderName: '', senderAddress: 'a@b.example', office: null, assignee: null,
    onBehalfOf: null, priority: 'NORMAL', outcome: null, reserved: false, repeated: false, readable: true, urgency: 'NONE', dueAt: null, routing: { why: 'OTHER', by: '', office: '', doubt: null },
    receivedAt: `2026-11-22T09:${two}:00.000Z`, changedAt: `2026-11-22T09:${two}:00.000Z`, version: 1, mailbox: null, messages: { nodes: [] }, ...change,
  } as Row;
}

function told(about: Row | null): Happening {
  return { __typename: 'CaseChanged', cursor: 'c', case: about } as unknown as Happening;
}

let readings: number;
let world: Row[];

/** Answers as the server would, two rows a page. */
function source(size = 2) {
  return {
    read: (question: Question, after: string | null): Promise<Page> => {
      readings++;
      const all = world.filter((r) => question.filter.statuses!.includes(r.status)).sort((a, b) => (a.receivedAt < b.receivedAt ? 1 : -1));
      const from = after === null ? 0 : Number(after);
      return Promise.resolve({ rows: all.slice(from, from + size), next: from + size < all.length ? String(from + size) : null });
    },
  };
}

async function listOf(size?: number, question = desk): Promise<LiveList> {
  const list = new LiveList(new Rows(), source(size), question);
  await list.read();
  return list;
}

beforeEach(() => {
  readings = 0;
  world = [row(1), row(2), row(3), row(4), row(5)];
});

test('pages follow each other, and none comes twice', async () => {
  const list = await listOf();
  expect(list.shown.ids).toEqual(['case05', 'case04']);
  await list.readMore();
  await list.readMore();
  expect(list.shown.ids).toEqual(['case05', 'case04', 'case03', 'case02', 'case01']);
  expect(list.shown.more).toBe(false);
  await list.readMore();
  expect(readings).toBe(3);
});

test('what arrives stands where the order wants it, without a reading', async () => {
  const list = await listOf(10);
  list.happened(told(row(7)));
  list.happened(told(row(6)));
  expect(list.shown.ids.slice(0, 3)).toEqual(['case07', 'case06', 'case05']);
  expect(readings).toBe(1);
});

test('what belongs to a page that was not read does not come before it', async () => {
  const list = await listOf(2);
  list.happened(told(row(0)));
  expect(list.shown.ids).toEqual(['case05', 'case04']);
});

test('while somebody is in the middle of the list, new ones wait and nothing moves', async () => {
  const list = await listOf(10);
  list.hold(true);
  list.happened(told(row(7)));
  list.happened(told(row(7, { version: 2 })));
  expect(list.shown.ids).toHaveLength(5);
  expect(list.shown.waiting).toEqual(['case07']);
  list.admit();
  expect(list.shown.ids[0]).toBe('case07');
  expect(list.shown.waiting).toEqual([]);
});

test('what somebody else has sorted goes, unless it is being read: then when another one is', async () => {
  const list = await listOf(10);
  list.keep('case03');
  list.happened(told(row(3, { status: 'TO_ASSIGN', version: 2 })));
  list.happened(told(row(4, { status: 'TO_ASSIGN', version: 2 })));
  expect(list.shown.ids).toEqual(['case05', 'case03', 'case02', 'case01']);
  world = world.filter((r) => r.id !== 'case03');
  await list.read();
  expect(list.shown.ids).toContain('case03');
  list.keep('case02');
  expect(list.shown.ids).toEqual(['case05', 'case04', 'case02', 'case01']);
});

test('news that were overtaken change nothing', async () => {
  const list = await listOf(10);
  list.happened(told(row(5, { status: 'TO_ASSIGN', version: 3 })));
  list.happened(told(row(5, { status: 'TO_SORT', version: 2 })));
  expect(list.shown.ids).not.toContain('case05');
});

test('a case that is no longer to be seen, or a condition that a row does not tell, makes it be read again, once', async () => {
  const byText: CaseFilter = { statuses: ['TO_SORT'], text: 'tributi' };
  const order: CaseOrder = { field: 'RECEIVED_AT', direction: 'DESC' };
  const list = await listOf(10, { filter: byText, order });
  list.happened(told(row(8)));
  list.happened(told(null));
  expect(readings).toBe(1);
  await new Promise((done) => setTimeout(done, 400));
  expect(readings).toBe(2);
});

test('what an office begins may bring others of its sender into the list, which is read again', async () => {
  world = [row(1)];
  const list = await listOf(2, { ...desk, filter: { ...desk.filter, senderKnown: true } });
  list.happened(told(row(9, { status: 'TO_ASSIGN' })));
  await new Promise((done) => setTimeout(done, 400));
  expect(readings).toBe(1);
  list.happened(told(row(9, { status: 'IN_PROGRESS', version: 2 })));
  await new Promise((done) => setTimeout(done, 400));
  expect(readings).toBe(2);
});

test('a reading that fails keeps what was there, and says so', async () => {
  const rows = new Rows();
  let broken = false;
  const list = new LiveList(rows, { read: (q, a) => (broken ? Promise.reject(new Error('away')) : source(10).read(q, a)) }, desk);
  await list.read();
  broken = true;
  await list.read();
  expect(list.shown.ids).toHaveLength(5);
  expect(list.shown.failure).toBeInstanceOf(Error);
});

test('what was taken out ahead of the server does not come back with a page that follows, until it was sorted and is given back', async () => {
  const list = await listOf(2);
  list.drop(['case05', 'case04', 'case03']);
  await list.readMore();
  expect(list.shown.ids).toEqual(['case02']);
  list.happened(told(row(3))); // it changed, and still waits at the server
  expect(list.shown.ids).toEqual(['case02']);
  list.happened(told(row(3, { status: 'TO_ASSIGN', version: 2 })));
  list.happened(told(row(3, { version: 3 })));
  expect(list.shown.ids).toEqual(['case03', 'case02']);
  await list.read(); // it was refused for the others
  expect(list.shown.ids).toContain('case05');
});
