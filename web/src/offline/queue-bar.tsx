// What waits for the network, done when the network is back, and told.

import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Suspense, useEffect, useState } from 'react';
import { useHouse, useLiveness } from '../shell/house';
import { Icon } from '../shell/icon';
import { lazy } from '../shell/lazily';
import { useToast } from '../shell/toasts';
import { useWords } from '../words/words';
import css from './offline.module.css';
import { useDeeds } from './queued';
import { words } from './words';

const Review = lazy(() => import('./review'));

/** Milliseconds between two tries while the register is heard and commands are not. */
const again = 15_000;

/** How many wait and how many were refused, and the way to look at them. */
export function QueueBar() {
  const t = useWords(words);
  const { queue } = useHouse();
  const { state } = useLiveness();
  const toast = useToast();
  const answers = useQueryClient();
  const deeds = useDeeds();
  const [open, setOpen] = useState(false);
  const waiting = deeds.filter((d) => d.refused === undefined).length;
  const refused = deeds.length - waiting;
  const waits = waiting > 0;
  const heard = state === 'live' || state === 'asking';

  useEffect(() => void queue.load(), [queue]);
  useEffect(() => {
    if (!heard || !waits) {
      return undefined;
    }
    let busy = false;
    const replay = async (): Promise<void> => {
      if (busy) {
        return;
      }
      busy = true;
      const before = queue.deeds.filter((d) => d.refused !== undefined).length;
      const done = await queue.replay();
      busy = false;
      const more = queue.deeds.filter((d) => d.refused !== undefined).length - before;
      if (done > 0) {
        toast({ text: t.replayed(done) });
      }
      if (more > 0) {
        toast({ tone: 'trouble', text: t.notReplayed(more), action: { title: t.reviewNow, run: () => setOpen(true) } });
      }
      if (done + more > 0) {
        void answers.invalidateQueries({ queryKey: ['counts'] });
      }
    };
    void replay();
    const timer = setInterval(() => void replay(), again);
    return () => clearInterval(timer);
  }, [heard, waits, queue, toast, answers, t]);

  return (
    <>
      <div role="status">
        {deeds.length > 0 && (
          <p className={css.bar} data-tone={refused > 0 ? 'trouble' : undefined}>
            <Icon name={refused > 0 ? 'warning' : 'cloudOff'} />
            <span>{[waiting > 0 && t.queued(waiting), refused > 0 && t.toReview(refused)].filter(Boolean).join(' · ')}</span>
            <Button size="compact-md" variant="default" onClick={() => setOpen(true)}>{t.reviewNow}</Button>
          </p>
        )}
      </div>
      <Suspense>{open && <Review close={() => setOpen(false)} />}</Suspense>
    </>
  );
}
