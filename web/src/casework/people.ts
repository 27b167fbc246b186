// The people of an office as who assigns wants them: what each has to do, who is
// away, and who stands in.

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ask } from '../api/ask';
import { OfficeLoadDocument, OfficePeopleDocument, type MemberRole } from '../generated/graphql';
import type { Named } from './acts';

export interface Colleague extends Named {
  role: MemberRole;
  /** Cases in work, and of those the late ones and those due soon; unknown to who may not know. */
  load: { open: number; late: number; dueSoon: number } | null;
  /** Until when the person is away, and who stands in; null when here. */
  away: { until: string; standsIn: Named } | null;
}

export interface Office {
  colleagues: readonly Colleague[];
  /** Whether moving a case asks for a reason. */
  reasonToMove: boolean;
}

/** The people of an office who are there now, the least busy first, who is away last. */
export function useColleagues(officeId: string | undefined): Office | undefined {
  const { data: office } = useQuery({
    queryKey: ['people', 'office', officeId],
    enabled: officeId !== undefined,
    queryFn: async ({ signal }) => {
      const { node } = await ask(OfficePeopleDocument, { id: officeId! }, signal);
      return node && 'members' in node ? node : null;
    },
  });
  const { data: load } = useQuery({
    queryKey: ['counts', 'load', officeId],
    enabled: officeId !== undefined,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => (await ask(OfficeLoadDocument, { id: officeId! }, signal)).officeBoard,
  });
  return useMemo(() => {
    if (!office) {
      return undefined;
    }
    const now = new Date().toISOString();
    const loads = new Map(load?.byPerson.map((p) => [p.person.id, p.counts]));
    const people = new Map<string, Colleague>(); // who is operator and deputy is one person
    for (const { user, role, from, until } of office.members.nodes) {
      if ((from ?? '') > now || (until ?? '9') <= now || people.has(user.id) && role === 'OPERATOR') {
        continue;
      }
      const counts = loads.get(user.id);
      const absence = user.absences.find((a) => a.state === 'ACTIVE' || (a.state === 'PLANNED' && a.from <= now && now < a.until));
      people.set(user.id, {
        id: user.id, name: user.name, role,
        load: load ? { open: (counts?.inProgress ?? 0) + (counts?.answering ?? 0), late: counts?.breached ?? 0, dueSoon: counts?.dueSoon ?? 0 } : null,
        away: absence ? { until: absence.until, standsIn: { id: absence.delegate.id, name: absence.delegate.name } } : null,
      });
    }
    const colleagues = [...people.values()].sort((a, b) =>
      Number(a.away !== null) - Number(b.away !== null) || (a.load?.open ?? 0) - (b.load?.open ?? 0) || a.name.localeCompare(b.name));
    return { colleagues, reasonToMove: office.reasonToMove };
  }, [office, load]);
}
