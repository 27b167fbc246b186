// How far the work on a case is: whether it was begun, what we write, who waits for
// an answer. Many are asked at once, and each is kept by itself, so that an event of
// one case makes only that one old.

import { useQueries, useQueryClient } from '@tanstack/react-query';
import { ask } from '../api/ask';
import { CasesWorkDocument, type CasesWorkQuery, type CaseMayFragment, type CaseWorkFragment, type MessageKind } from '../generated/graphql';
import type { Row } from '../live/rows';

export type Reply = CaseWorkFragment['replies']['nodes'][number];
export type Inquiry = CaseWorkFragment['inquiries']['nodes'][number];

export interface Work {
  may: CaseMayFragment;
  /** The last that we wrote or write, but for what was thrown away. */
  reply: Reply | null;
  /** When somebody last wrote to us on it. */
  heardAt: string;
  /** What the desk asked or reminded of, and nobody answered yet. */
  open: readonly Inquiry[];
  /** Whether who has it did anything with it yet. */
  begun: boolean;
}

type Happened = CasesWorkQuery['events']['nodes'][number];

/** What is known of a case's work, given what happened to it, the oldest first. */
export function workOf(found: CaseWorkFragment, happened: readonly Happened[]): Work {
  const reply = found.replies.nodes.find((r) => r.state !== 'DISCARDED') ?? null;
  return {
    may: found,
    reply,
    heardAt: found.messages.nodes.findLast((m) => m.direction === 'INCOMING' && mail.has(m.kind))?.receivedAt ?? '',
    open: found.inquiries.nodes.filter((i) => i.answeredAt === null),
    begun: reply !== null || found.claim !== null || isBegun(found.id, happened),
  };
}

/** Messages that somebody wrote; the others are receipts. */
const mail: ReadonlySet<string> = new Set<MessageKind>(['ENVELOPE', 'ANOMALY', 'ORDINARY']);

/** Whether the one to whom a case was given last took it himself, took charge of it, or wrote a note. */
function isBegun(id: string, happened: readonly Happened[]): boolean {
  const its = happened.filter((e) => 'kind' in e && e.case?.id === id);
  const given = its.findLastIndex((e) => 'kind' in e && e.kind === 'CASE_ASSIGNED');
  const assigned = its[given];
  if (!assigned || !('kind' in assigned)) {
    return its.length > 0;
  }
  return assigned.how === 'taken' || its.slice(given + 1).some((e) => 'kind' in e && (e.actor?.user?.id ?? assigned.person?.id) === assigned.person?.id);
}

/** How many are asked for at once: the price of a question is limited. */
const atOnce = 40;
let wanted: { id: string; done(work: Work | null): void; failed(why: unknown): void }[] = [];

/** Asks for one, together with the others that are wanted in this moment. */
function ofCase(id: string): Promise<Work | null> {
  return new Promise((done, failed) => {
    wanted.push({ id, done, failed });
    if (wanted.length === 1) {
      setTimeout(() => {
        const all = wanted;
        wanted = [];
        for (let at = 0; at < all.length; at += atOnce) {
          void askFor(all.slice(at, at + atOnce));
        }
      }, 10);
    }
  });
}

async function askFor(some: typeof wanted): Promise<void> {
  try {
    const { nodes, events } = await ask(CasesWorkDocument, { ids: some.map((w) => w.id) });
    for (const { id, done } of some) {
      const found = nodes.find((n) => n?.id === id);
      done(found && 'mayDo' in found ? workOf(found, events.nodes) : null);
    }
  } catch (failure) {
    some.forEach((w) => w.failed(failure));
  }
}

/** The work on cases, by id, as far as it is known yet. */
export function useWork(ids: readonly string[]): ReadonlyMap<string, Work> {
  const answers = useQueryClient();
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: ['case', id, 'work'],
      queryFn: async () => {
        const work = await ofCase(id);
        answers.setQueryData(['case', id, 'may'], work ? [work.may] : []); // its keys and its menu need not ask again
        return work;
      },
    })),
    combine: together,
  });
}

function together(results: { data: Work | null | undefined }[]): ReadonlyMap<string, Work> {
  return new Map(results.flatMap(({ data }) => (data ? [[data.may.id, data] as const] : [])));
}

/** Where the work on an open case stands. */
export type Stage = 'toAssign' | 'assigned' | 'working' | 'waiting' | 'done';

/** Where a case stands; null for one that is at no office. While its work is not known, as if nothing was begun. */
export function stageOf(row: Row, work: Work | undefined): Stage | null {
  switch (row.status) {
    case 'TO_ASSIGN': return 'toAssign';
    case 'ANSWERING': return 'waiting';
    case 'CLOSED': return 'done';
    case 'IN_PROGRESS': return waitsFor(row, work) !== null ? 'waiting' : work?.begun ? 'working' : 'assigned';
    default: return null;
  }
}

/** What a case waits for that nobody who has it can hasten; null when it is theirs to go on. */
export function waitsFor(row: Row, work: Work | undefined): 'approval' | 'sending' | 'receipts' | 'others' | null {
  const state = work?.reply?.state;
  if (state === 'AWAITING_APPROVAL') {
    return 'approval';
  }
  if (state === 'QUEUED' || state === 'SENDING') {
    return 'sending';
  }
  if (row.status === 'ANSWERING') {
    return 'receipts';
  }
  // What was sent and does not conclude asks somebody for something, until somebody writes.
  const sent = state === 'SENT' && work?.reply?.concludes === false ? work.reply.sentAt : null;
  return sent != null && work!.heardAt < sent ? 'others' : null;
}
