// The number on the picture of the installed client: what waits at the desk, for who
// sorts; for others, what they have to do.

import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ask } from '../api/ask';
import { pushed } from '../api/session';
import { BadgeCountDocument, CaseCountDocument } from '../generated/graphql';
import { useRoles } from '../shell/house';
import { useSpeech } from '../words/words';

export function Badge() {
  const { language } = useSpeech();
  const { sorter } = useRoles();
  const isPossible = 'setAppBadge' in navigator;
  const { data } = useQuery({
    queryKey: sorter ? ['counts', 'toSort'] : ['counts', 'badge'], // the desk asks the same
    enabled: isPossible,
    queryFn: async ({ signal }) => {
      if (sorter) {
        return (await ask(CaseCountDocument, { filter: { statuses: ['TO_SORT'] } }, signal)).caseCount;
      }
      const { toDo } = await ask(BadgeCountDocument, {}, signal);
      return toDo.toAssign + toDo.inProgress;
    },
  });
  useEffect(() => {
    if (isPossible && data !== undefined) {
      navigator.setAppBadge(data).catch(() => undefined); // only an installed client has one
    }
  }, [isPossible, data]);
  useEffect(() => {
    if (localStorage.getItem(pushed) !== null) {
      void import('./push').then(({ renewSubscription }) => renewSubscription(language)).catch(() => undefined); // at the next start
    }
  }, [language]);
  return null;
}
