// Sorting as the desk does it: gone from the list at once, taken back by one key,
// put back and explained when it was refused.

import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { ask, Unreachable } from '../api/ask';
import { told, whyOf } from '../casework/refusal';
import { CasesBulkDocument, CaseSortDocument } from '../generated/graphql';
import type { Suggested } from '../cases/preview';
import type { LiveList } from '../live/list';
import type { Row } from '../live/rows';
import { useWaiting } from '../offline/queued';
import { useHouse } from '../shell/house';
import { useToast } from '../shell/toasts';
import { useSpeech } from '../words/words';

/** The most that one command may be given on. */
const atOnce = 500;

export function useSorting(list: LiveList): (cases: readonly Row[], office: Suggested['office'], note: string) => void {
  const { rows, register } = useHouse();
  const answers = useQueryClient();
  const toast = useToast();
  const speech = useSpeech();
  const { t } = speech;

  const wait = useWaiting();

  /** Leaves them where they stand, to be sorted when the network is back. */
  const waitFor = useCallback(async (cases: readonly Row[], office: Suggested['office'], note: string) => {
    list.putBack(cases.map((r) => r.id));
    await wait({ does: 'SORT', office, note }, cases);
  }, [list, wait]);

  const takeBack = useCallback(async (ids: readonly string[]) => {
    const cases = ids.map((id) => rows.get(id)).filter((r): r is Row => r !== undefined).map((r) => ({ caseId: r.id, version: r.version }));
    try {
      const { casesBulk: back } = await ask(CasesBulkDocument, { input: { command: 'TAKE_BACK', cases, reason: t.undo } });
      const troubles = [...back.userErrors, ...back.outcomes.flatMap((o) => o.userErrors)];
      toast(troubles.length > 0
        ? { tone: 'trouble', text: t.desk.notUndone(told(troubles, speech)) }
        : { text: t.desk.undone });
    } catch (failure) {
      toast({ tone: 'trouble', text: t.desk.notUndone(whyOf(failure, t)) });
    }
    void list.read();
  }, [rows, list, toast, speech, t]);

  const sortOne = useCallback(async (row: Row, office: Suggested['office'], note: string) => {
    const unpresume = rows.presume(row.id, { status: 'TO_ASSIGN', office: { id: office.id, name: office.name } });
    const putBack = (why: string): void => {
      unpresume();
      void list.read();
      toast({ tone: 'trouble', text: t.desk.refused(why) });
    };
    try {
      const { caseSort: sorted } = await ask(CaseSortDocument, { input: { caseId: row.id, version: row.version, officeId: office.id, note: note || null } });
      if (sorted.userErrors.length > 0) {
        putBack(told(sorted.userErrors, speech));
        return;
      }
      if (sorted.case) {
        rows.put(sorted.case);
      }
      toast({ text: t.desk.sorted(office.name), undo: () => void takeBack([row.id]) });
      void answers.invalidateQueries({ queryKey: ['counts'] });
    } catch (failure) {
      if (failure instanceof Unreachable) {
        unpresume();
        await waitFor([row], office, note);
        return;
      }
      putBack(whyOf(failure, t));
    }
  }, [rows, list, toast, speech, t, answers, takeBack, waitFor]);

  const sortMany = useCallback(async (many: readonly Row[], office: Suggested['office'], note: string) => {
    const troubles: string[] = [];
    const done: string[] = [];
    let waiting = 0;
    for (let at = 0; at < many.length; at += atOnce) {
      const some = many.slice(at, at + atOnce);
      const cases = some.map((r) => ({ caseId: r.id, version: r.version }));
      try {
        const { casesBulk: sorted } = await ask(CasesBulkDocument, { input: { command: 'SORT', cases, officeId: office.id, reason: note || null } });
        troubles.push(...sorted.userErrors.map((e) => e.message), ...sorted.outcomes.filter((o) => !o.done).map((o) => told(o.userErrors, speech)));
        done.push(...sorted.outcomes.filter((o) => o.done).map((o) => o.caseId));
      } catch (failure) {
        if (failure instanceof Unreachable) {
          await waitFor(some, office, note);
          waiting += some.length;
        } else {
          troubles.push(whyOf(failure, t));
        }
      }
    }
    if (waiting === many.length) {
      return;
    }
    void list.read();
    void answers.invalidateQueries({ queryKey: ['counts'] });
    if (troubles.length > 0) {
      toast({ tone: 'trouble', text: `${t.desk.sortedNotAll(done.length, many.length)} (${[...new Set(troubles)].join('; ')})` });
    }
    if (done.length > 0) {
      toast({ text: t.desk.sortedMany(done.length, office.name), undo: done.length <= atOnce ? () => void takeBack(done) : undefined });
    }
  }, [list, toast, speech, t, answers, takeBack, waitFor]);

  return useCallback((cases, office, note) => {
    if (register.liveness.state === 'lost') { // nobody waits for a time-out
      void waitFor(cases, office, note);
      return;
    }
    list.drop(cases.map((r) => r.id));
    void (cases.length === 1 ? sortOne(cases[0]!, office, note) : sortMany(cases, office, note));
  }, [register, list, sortOne, sortMany, waitFor]);
}
