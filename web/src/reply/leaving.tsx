// A reply that is about to leave: the seconds that are left, by the server's clock, and
// the way back, for everybody who sees the case and may send.

import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { ask } from '../api/ask';
import { clock } from '../api/clock';
import { ReplyWithdrawDocument, type ReplyState } from '../generated/graphql';
import { useToast } from '../shell/toasts';
import { useSpeech, useWords } from '../words/words';
import css from './leaving.module.css';
import { words } from './words';

export interface Leaving {
  id: string;
  state: ReplyState;
  sendAt: string | null;
  lastError: string;
  queuePosition: number | null;
}

/** Whether it can be taken back: until the first try begins. */
export function isHeld({ state, lastError }: Leaving): boolean {
  return state === 'AWAITING_APPROVAL' || state === 'QUEUED' && lastError === '';
}

/** Takes a reply back: it is a draft again. */
export function useWithdraw(id: string): { busy: boolean; withdraw(): void } {
  const w = useWords(words);
  const { t } = useSpeech();
  const toast = useToast();
  const answers = useQueryClient();
  const [busy, setBusy] = useState(false);
  const withdraw = async (): Promise<void> => {
    setBusy(true);
    try {
      const { replyWithdraw: told } = await ask(ReplyWithdrawDocument, { id });
      const [error] = told.userErrors;
      toast(error ? { tone: 'trouble', text: w.failed(error.message) } : { text: w.withdrawn });
      answers.setQueryData(['replies', id], (before: unknown) => told.reply ?? before);
      void answers.invalidateQueries({ queryKey: ['replies'] });
    } catch {
      toast({ tone: 'trouble', text: w.failed(t.unreachable) });
    }
    setBusy(false);
  };
  return { busy, withdraw: () => void withdraw() };
}

/** "Invio tra 27 s", and beside it the way back; once the seconds are over, why it is still here. */
export function Leaving({ reply, mayWithdraw, busy, withdraw }: { reply: Leaving; mayWithdraw: boolean; busy: boolean; withdraw(): void }): ReactNode {
  const w = useWords(words);
  const seconds = useSeconds(reply);
  const before = reply.queuePosition ?? 0;
  const isGoing = reply.state === 'QUEUED' && seconds <= 0 && before === 0; // nothing is promised that cannot be kept
  return (
    <>
      {reply.state === 'QUEUED' && <span className={css.countdown} role="timer">{seconds > 0 ? w.leavesIn(seconds) : before > 0 ? w.queue(before) : w.leaving}</span>}
      {mayWithdraw && isHeld(reply) && !isGoing && <Button variant="default" disabled={busy} onClick={withdraw} aria-keyshortcuts="z">{w.withdraw}</Button>}
    </>
  );
}

/** Seconds until it leaves, while it waits for that; none when it does not. */
function useSeconds({ state, sendAt }: Leaving): number {
  const answers = useQueryClient();
  const isQueued = state === 'QUEUED';
  const leaves = sendAt === null ? 0 : Date.parse(sendAt);
  const [now, setNow] = useState(clock.now);
  const seconds = Math.ceil((leaves - now) / 1000);
  const isOver = seconds <= 0;
  useEffect(() => {
    if (!isQueued) {
      return undefined;
    }
    const timer = isOver
      ? setInterval(() => void answers.invalidateQueries({ queryKey: ['replies'] }), 3_000) // should no event come, the next look tells
      : setInterval(() => setNow(clock.now()), 500);
    return () => clearInterval(timer);
  }, [isQueued, isOver, answers]);
  useEffect(() => setNow(clock.now()), [leaves]); // another try has another time
  return seconds;
}
