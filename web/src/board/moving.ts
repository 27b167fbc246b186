// What moving a card commands: from column to column, or to a person.

import { useCallback, useMemo } from 'react';
import type { Stage, Work } from '../cases/work';
import { useCasework } from '../casework/casework';
import type { Office } from '../casework/people';
import { words as casework } from '../casework/words';
import type { Row } from '../live/rows';
import { useHouse } from '../shell/house';
import { useToast } from '../shell/toasts';
import { useWords } from '../words/words';
import { moveAside, moveTo, nobody } from './columns';
import type { Moving } from './columns-view';

/** Assigns a case to a person; asks first where the person is away, or the office wants a reason. */
export function useAssigning(office: Office | undefined): (row: Row, personId: string) => void {
  const { begin, give } = useCasework();
  const { rows } = useHouse();
  const toast = useToast();
  const w = useWords(casework);
  return useCallback((row, personId) => {
    const person = office?.colleagues.find((c) => c.id === personId);
    if (!office || !person || person.away || (office.reasonToMove && row.assignee)) {
      begin('ASSIGN', [row.id]);
      return;
    }
    const assign = (version: number): void => void give({ does: 'ASSIGN', person: { id: person.id, name: person.name }, reason: '' }, [{ id: row.id, version }]).then((refusal) => {
      if (refusal) {
        const as = refusal.version;
        toast({ tone: 'trouble', text: w.refused(w.acts.ASSIGN, refusal.text), action: as === undefined ? undefined : { title: w.anyway(w.acts.ASSIGN), run: () => assign(as) } });
      }
    });
    assign(rows.get(row.id)?.version ?? row.version);
  }, [office, begin, give, rows, toast, w]);
}

/** Whether a case may be given to somebody who has not got it. */
export function mayAssign(row: Row, work: Work | undefined, personId: string): boolean {
  return row.assignee?.id !== personId && (work?.may.mayDo.includes('ASSIGN') ?? false);
}

/** Moving from stage to stage. */
export function useStageMoving(work: ReadonlyMap<string, Work>): Moving {
  const { begin } = useCasework();
  const { viewer } = useHouse();
  const me = viewer.user.id;
  return useMemo(() => ({
    may: (row, to) => moveTo(to as Stage, row, work.get(row.id), me) !== null,
    move: (row, to) => {
      const does = moveTo(to as Stage, row, work.get(row.id), me);
      if (does) {
        begin(does, [row.id]);
      }
    },
    aside: (row, step) => moveAside(row, work.get(row.id), me, step)?.to ?? null,
  }), [begin, work, me]);
}

/** Moving from person to person, in the order of the columns; nobody is one of them. */
export function usePersonMoving(work: ReadonlyMap<string, Work>, columns: readonly string[], assign: (row: Row, personId: string) => void): Moving {
  const { begin } = useCasework();
  return useMemo(() => {
    const may = (row: Row, to: string): boolean => (to === nobody
      ? row.assignee !== null && (work.get(row.id)?.may.mayDo.includes('UNASSIGN') ?? false)
      : columns.includes(to) && mayAssign(row, work.get(row.id), to));
    return {
      may,
      move: (row, to) => (to === nobody ? begin('UNASSIGN', [row.id]) : assign(row, to)),
      aside: (row, step) => {
        const to = columns[columns.indexOf(row.assignee?.id ?? nobody) + step];
        return to !== undefined && may(row, to) ? to : null;
      },
    };
  }, [work, columns, assign, begin]);
}
