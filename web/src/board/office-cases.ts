// The cases of an office that its board shows: all that are open, and those that
// were closed lately; with how far the work on each is.

import { useEffect, useMemo } from 'react';
import { useWork, type Work } from '../cases/work';
import { useKnown } from '../live/known';
import type { Row } from '../live/rows';
import { useLiveList } from '../live/use-list';

/** The most cases that a board shows. */
export const most = 500;
const week = 7 * 24 * 3_600_000;

export interface OfficeCases {
  rows: readonly Row[];
  work: ReadonlyMap<string, Work>;
  /** Whether there are more open ones than are shown. */
  more: boolean;
  reading: boolean;
  failure: unknown;
  again(): void;
}

export function useOfficeCases(officeId: string, now: Date): OfficeCases {
  const open = useLiveList({ filter: { officeIds: [officeId], statuses: ['TO_ASSIGN', 'IN_PROGRESS', 'ANSWERING'] }, order: { field: 'DUE_AT', direction: 'ASC' } });
  const closed = useLiveList({ filter: { officeIds: [officeId], statuses: ['CLOSED'] }, order: { field: 'CHANGED_AT', direction: 'DESC' } });
  const { ids, more, reading, failure } = open.shown;
  const { list } = open;
  useEffect(() => { // a column may hold cases of any page
    if (more && !reading && failure === null && ids.length < most) {
      void list.readMore();
    }
  }, [list, more, reading, failure, ids.length]);
  const all = useMemo(() => [...new Set([...ids, ...closed.shown.ids])], [ids, closed.shown.ids]);
  const work = useWork(all);
  const known = useKnown(all);
  const since = new Date(now.getTime() - week).toISOString();
  const rows = useMemo(() => known.filter((r) => r.office?.id === officeId && (r.status !== 'CLOSED' || r.changedAt > since)), [known, officeId, since]);
  return {
    rows, work, more: more && ids.length >= most,
    reading: reading && ids.length === 0,
    failure: failure ?? closed.shown.failure,
    again: () => void Promise.all([list.read(), closed.list.read()]),
  };
}
