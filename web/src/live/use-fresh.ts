import { useEffect, useState } from 'react';
import { useHouse } from '../shell/house';

/** Milliseconds for which a change by somebody else is shown as new. */
const fresh = 2_000;
/** What changes nothing that a card shows for long. */
const passing: ReadonlySet<string> = new Set(['CASE_LOOKED_AT', 'CASE_FOLLOWED', 'CASE_UNFOLLOWED', 'REPLY_OPENED', 'REPLY_SAVED']);

/** Cases that somebody else has just changed. */
export function useFresh(): ReadonlySet<string> {
  const { register, viewer } = useHouse();
  const [ids, set] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const timers = new Map<string, ReturnType<typeof setTimeout>>();
    const stop = register.listen({
      happened: (event) => {
        const id = 'case' in event ? event.case?.id : undefined;
        if (id === undefined || event.actor?.user?.id === viewer.user.id || ('kind' in event && passing.has(event.kind))) {
          return;
        }
        set((before) => new Set([...before, id]));
        clearTimeout(timers.get(id));
        timers.set(id, setTimeout(() => set((before) => new Set([...before].filter((other) => other !== id))), fresh));
      },
      reset: () => undefined,
    });
    return () => {
      stop();
      timers.forEach((timer) => clearTimeout(timer));
    };
  }, [register, viewer]);
  return ids;
}
