// How a reply is begun and come to: its id stands in the address of its case's page.

import { useCallback } from 'react';
import { useLocation } from 'wouter';
import { ask } from '../api/ask';
import { ReplyStartDocument, type ReplyManner } from '../generated/graphql';
import { useToast } from '../shell/toasts';
import { useSpeech, useWords } from '../words/words';
import { words } from './words';

/** Opens a reply on the page that is there; none closes what is open. */
export function useOpenReply(): (id: string | null) => void {
  const [, navigate] = useLocation();
  return useCallback((id) => {
    const said = new URLSearchParams(location.search);
    if (id === null) {
      said.delete('reply');
    } else {
      said.set('reply', id);
    }
    navigate(`${location.pathname}${said.size > 0 ? `?${said}` : ''}`);
  }, [navigate]);
}

/** Begins a reply on a case and opens it. */
export function useReplyStart(caseId: string): (manner: ReplyManner, messageId?: string) => void {
  const open = useOpenReply();
  const toast = useToast();
  const w = useWords(words);
  const { t } = useSpeech();
  return useCallback((manner, messageId) => void (async () => {
    try {
      const { replyStart: begun } = await ask(ReplyStartDocument, { input: { caseId, manner, messageId: messageId ?? null } });
      if (begun.reply) {
        open(begun.reply.id);
      } else {
        toast({ tone: 'trouble', text: w.notBegun(begun.userErrors[0]?.message ?? '') });
      }
    } catch {
      toast({ tone: 'trouble', text: w.notBegun(t.unreachable) });
    }
  })(), [caseId, open, toast, w, t]);
}
