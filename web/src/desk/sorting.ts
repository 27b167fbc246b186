// Sorting as the desk does it: gone from the list at once, taken back by one key,
// put back and explained when it was refused.

import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { ask, Unreachable } from '../api/ask';
import { told, whyOf } from '../casework/refusal';
import { CasesBulkDocument, CaseSortDocument, type ErrorFragment } from '../generated/graphql';
import type { Suggested } from '../cases/preview';
import type { LiveList } from '../live/list';
import type { Row } from '../live/rows';
import { useWaiting } from '../offline/queued';
import { useHouse } from '../shell/house';
import { useToast } from '../shell/toasts';
import { useSpeech, useWords } from '../words/words';
import { sortInBulk, type Job } from './in-bulk';
import { words } from './words';

/** The most that one command may be given on. */
const atOnce = 500;
/** Up to how many cases nobody has to be told how far it is. */
const few = 20;

/** Where cases go from the desk. */
export interface Goal {
  office: Suggested['office'];
  note: string;
  /** Offices that have it for information. */
  informed: readonly Suggested['office'][];
}

export function useSorting(list: LiveList): { sort(cases: readonly Row[], goal: Goal): void; job: Job | null; endJob(): void } {
  const { rows, register } = useHouse();
  const answers = useQueryClient();
  const toast = useToast();
  const speech = useSpeech();
  const w = useWords(words);
  const { t } = speech;
  const [job, setJob] = useState<Job | null>(null);

  const wait = useWaiting();

  /** Leaves them where they stand, to be sorted when the network is back. */
  const waitFor = useCallback(async (cases: readonly Row[], { office, note, informed }: Goal) => {
    list.putBack(cases.map((r) => r.id));
    await wait({ does: 'SORT', office, note, informed }, cases);
  }, [list, wait]);

  const takeBack = useCallback(async (ids: readonly string[]) => {
    const cases = ids.map((id) => rows.get(id)).filter((r): r is Row => r !== undefined).map((r) => ({ caseId: r.id, version: r.version }));
    const troubles: ErrorFragment[] = [];
    try {
      for (let at = 0; at < cases.length; at += atOnce) {
        const { casesBulk: back } = await ask(CasesBulkDocument, { input: { command: 'TAKE_BACK', cases: cases.slice(at, at + atOnce), reason: t.undo } });
        troubles.push(...back.userErrors, ...back.outcomes.flatMap((o) => o.userErrors));
      }
      toast(troubles.length > 0
        ? { tone: 'trouble', text: t.desk.notUndone(told(troubles, speech)) }
        : { text: t.desk.undone });
    } catch (failure) {
      toast({ tone: 'trouble', text: t.desk.notUndone(whyOf(failure, t)) });
    }
    void list.read();
  }, [rows, list, toast, speech, t]);

  const sortOne = useCallback(async (row: Row, goal: Goal) => {
    const { office, note, informed } = goal;
    const unpresume = rows.presume(row.id, { status: 'TO_ASSIGN', office: { id: office.id, name: office.name } });
    const putBack = (why: string, version?: number): void => {
      unpresume();
      void list.read();
      toast({
        tone: 'trouble', text: t.desk.refused(why),
        action: version === undefined ? undefined : { title: w.anyway, run: () => void sortOne({ ...row, version }, goal) },
      });
    };
    try {
      const { caseSort: sorted } = await ask(CaseSortDocument, {
        input: { caseId: row.id, version: row.version, officeId: office.id, note: note || null, informOfficeIds: informed.length > 0 ? informed.map((o) => o.id) : null },
      });
      const [error] = sorted.userErrors;
      if (error) {
        putBack(told(sorted.userErrors, speech), error.__typename === 'StaleCaseError' ? error.currentVersion : undefined);
        return;
      }
      if (sorted.case) {
        rows.put(sorted.case);
      }
      toast({
        text: informed.length > 0 ? w.sortedAnd(office.name, informed.map((o) => o.name).join(', ')) : t.desk.sorted(office.name),
        undo: () => void takeBack([row.id]),
      });
      void answers.invalidateQueries({ queryKey: ['counts'] });
    } catch (failure) {
      if (failure instanceof Unreachable) {
        unpresume();
        await waitFor([row], goal);
        return;
      }
      putBack(whyOf(failure, t));
    }
  }, [rows, list, toast, speech, t, w, answers, takeBack, waitFor]);

  const sortMany = useCallback(async (many: readonly Row[], goal: Goal) => {
    const { office, note } = goal;
    const why = (refusal: unknown): string => (Array.isArray(refusal) ? told(refusal as ErrorFragment[], speech) : whyOf(refusal, t));
    const { done, failed, unheard } = await sortInBulk(many, { officeId: office.id, note }, why, (now) => many.length > few && setJob(now));
    if (unheard.length > 0) {
      await waitFor(unheard, goal);
    }
    if (unheard.length < many.length) {
      void list.read();
      void answers.invalidateQueries({ queryKey: ['counts'] });
    }
    if (failed.length > 0 && many.length <= few) {
      toast({ tone: 'trouble', text: `${t.desk.sortedNotAll(done.length, many.length)} (${[...new Set(failed.map((f) => f.why))].join('; ')})` });
    }
    if (done.length > 0) {
      toast({ text: t.desk.sortedMany(done.length, office.name), undo: () => void takeBack(done) });
    }
  }, [list, toast, speech, t, answers, takeBack, waitFor]);

  const sort = useCallback((cases: readonly Row[], goal: Goal) => {
    if (register.liveness.state === 'lost') { // nobody waits for a time-out
      void waitFor(cases, goal);
      return;
    }
    list.drop(cases.map((r) => r.id));
    void (cases.length === 1 ? sortOne(cases[0]!, goal) : sortMany(cases, goal));
  }, [register, list, sortOne, sortMany, waitFor]);
  return { sort, job, endJob: useCallback(() => setJob(null), []) };
}
