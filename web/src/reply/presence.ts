// Who writes a draft: one person at a time, and whoever comes sees it and may take over.

import { useEffect, useRef } from 'react';
import { ask } from '../api/ask';
import { ReplyLeaveDocument, ReplyOpenDocument } from '../generated/graphql';

/** Milliseconds between two signs of life; the server waits for more than two. */
const beat = 20_000;

/**
 * Says that the draft is open while `isWriting`; `heard` is told its version now and
 * then, since another window of the same person says nothing else.
 */
export function usePresence(id: string, isWriting: boolean, heard: (version: number) => void): void {
  const current = useRef(heard);
  current.current = heard;
  useEffect(() => {
    if (!isWriting) {
      return undefined;
    }
    const say = (): void => {
      ask(ReplyOpenDocument, { id }).then(({ replyOpen }) => replyOpen.reply && current.current(replyOpen.reply.version)).catch(() => undefined);
    };
    const back = (): void => {
      if (document.visibilityState === 'visible') {
        say();
      }
    };
    const leave = (): void => void ask(ReplyLeaveDocument, { id }).catch(() => undefined);
    say();
    const timer = setInterval(say, beat);
    window.addEventListener('focus', back);
    document.addEventListener('visibilitychange', back);
    window.addEventListener('pagehide', leave);
    return () => {
      clearInterval(timer);
      window.removeEventListener('focus', back);
      document.removeEventListener('visibilitychange', back);
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, [id, isWriting]);
}
