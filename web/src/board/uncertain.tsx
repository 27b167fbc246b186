import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../api/ask';
import { told, whyOf } from '../casework/refusal';
import { BoardReplyDecideDocument, type BoardReplyFragment, type ReplyDecision } from '../generated/graphql';
import { useToast } from '../shell/toasts';
import { useSpeech, useWords } from '../words/words';
import css from './approvals.module.css';
import { words } from './words';

const decisions = ['RESEND', 'SENT', 'GIVE_UP'] as const satisfies readonly ReplyDecision[];

/** Replies of which nobody knows whether they were sent: somebody has to say. */
export function Uncertain({ replies }: { replies: readonly BoardReplyFragment[] }) {
  const speech = useSpeech();
  const { t } = speech;
  const w = useWords(words).approvals;
  const answers = useQueryClient();
  const toast = useToast();
  const [busy, setBusy] = useState<string | null>(null);
  const decide = async (replyId: string, decision: ReplyDecision): Promise<void> => {
    setBusy(replyId);
    try {
      const { replyDecide: { userErrors } } = await ask(BoardReplyDecideDocument, { input: { replyId, decision } });
      toast(userErrors.length > 0 ? { tone: 'trouble', text: w.refused(told(userErrors, speech)) } : { text: w.decided });
    } catch (failure) {
      toast({ tone: 'trouble', text: w.refused(whyOf(failure, t)) });
    }
    setBusy(null);
    void answers.invalidateQueries({ queryKey: ['replies'] });
  };
  return (
    <section className={css.uncertain} aria-labelledby="uncertain">
      <h2 id="uncertain">{w.uncertain}</h2>
      <p>{w.uncertainTold}</p>
      <ul>
        {replies.map((r) => (
          <li key={r.id}>
            <b>{r.subject || t.noSubject}</b>
            <small>{r.case?.number} · {r.to.map((a) => a.address).join(', ')}</small>
            <span className={css.buttons} role="group" aria-label={r.subject || t.noSubject}>
              {decisions.map((d) => <Button key={d} size="compact-md" variant="default" disabled={busy === r.id} onClick={() => void decide(r.id, d)}>{w.decide[d]}</Button>)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
