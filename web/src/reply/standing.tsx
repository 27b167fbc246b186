// A reply that is no draft any more: how far it is, in the words of what is known,
// and what can still be done about it.

import { Button, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { ask } from '../api/ask';
import {
  ReplyAgainDocument, ReplyApproveDocument, ReplyDecideDocument, ReplyRestoreDocument, ReplySendBackDocument, ReplyWithdrawDocument,
  type ReplyErrorFragment, type ReplyMetaFragment, type ReplyState,
} from '../generated/graphql';
import { useCommands } from '../shell/commands';
import { useHouse } from '../shell/house';
import { Icon, type IconName } from '../shell/icon';
import { useToast } from '../shell/toasts';
import { useSpeech, useWords } from '../words/words';
import { Letter, usePreview } from './preview';
import css from './reply.module.css';
import { words } from './words';

const icons: Record<ReplyState, IconName> = {
  DRAFT: 'pen', AWAITING_APPROVAL: 'person', QUEUED: 'clock', SENDING: 'send', UNCERTAIN: 'question', SENT: 'check', REFUSED: 'alert', DISCARDED: 'trash',
};

export function Standing({ reply, changed, open, write }: {
  reply: ReplyMetaFragment;
  changed(reply: ReplyMetaFragment): void;
  open(id: string): void;
  /** Writes on, where it is a draft and the person may. */
  write: (() => void) | undefined;
}) {
  const w = useWords(words);
  const { t, dates } = useSpeech();
  const { viewer } = useHouse();
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const [remark, setRemark] = useState('');
  const may = (what: 'WRITE' | 'SEND' | 'APPROVE'): boolean => reply.case?.mayDo.includes(what) ?? false;
  const give = async (command: () => Promise<{ reply: ReplyMetaFragment | null; userErrors: readonly ReplyErrorFragment[] }>, done?: string): Promise<void> => {
    setBusy(true);
    try {
      const { reply: now, userErrors: [error] } = await command();
      if (error) {
        toast({ tone: 'trouble', text: w.failed(error.message) });
      } else if (done) {
        toast({ text: done });
      }
      if (now) {
        changed(now);
      }
    } catch {
      toast({ tone: 'trouble', text: w.failed(t.unreachable) });
    }
    setBusy(false);
  };
  const { id, version, state } = reply;
  const withdraw = (): void => void give(async () => (await ask(ReplyWithdrawDocument, { id })).replyWithdraw, w.withdrawn);
  const canWithdraw = may('SEND') && (state === 'AWAITING_APPROVAL' || state === 'QUEUED' && reply.lastError === '');
  const onWithdraw = useRef(withdraw);
  onWithdraw.current = withdraw;
  useCommands(useMemo(() => [
    { id: 'withdraw', title: w.withdraw, group: w.group, keys: 'z', possible: canWithdraw && !isBusy, run: () => onWithdraw.current() },
  ], [w, canWithdraw, isBusy]));
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []); // whoever sent it hears what became of it
  const again = (): void => void (async () => {
    try {
      const { replyAgain: begun } = await ask(ReplyAgainDocument, { id });
      if (begun.reply) {
        open(begun.reply.id);
      } else {
        toast({ tone: 'trouble', text: w.failed(begun.userErrors[0]?.message ?? '') });
      }
    } catch {
      toast({ tone: 'trouble', text: w.failed(t.unreachable) });
    }
  })();
  const mayApprove = state === 'AWAITING_APPROVAL' && may('APPROVE') && reply.submittedBy?.id !== viewer.user.id;
  const holding = reply.approvals.filter((a) => a.approved && !a.void);
  return (
    <div ref={box} className={css.standing} tabIndex={-1}>
      <div className={css.state} data-state={state} role="status">
        <Icon name={icons[state]} size={22} />
        <strong>{w.states[state]}</strong>
        {state === 'QUEUED' && <Countdown reply={reply} />}
        {state === 'DRAFT' && write && <Button variant="default" onClick={write}>{w.writeAnyway}</Button>}
        {canWithdraw && <Button variant="default" disabled={isBusy} onClick={withdraw}>{w.withdraw}</Button>}
      </div>
      {state === 'QUEUED' && reply.lastError !== '' && <p>{w.delayed(reply.lastError)}</p>}
      {state === 'SENDING' && <p>{w.sendingTold}</p>}
      {state === 'SENT' && reply.sentAt && <p><time dateTime={reply.sentAt} title={dates.exact(reply.sentAt)}>{w.sentTold(dates.moment(reply.sentAt))}</time></p>}
      {state === 'REFUSED' && <p>{w.refusedTold} {reply.lastError}</p>}
      {(state === 'REFUSED' || state === 'UNCERTAIN') && reply.answer && <p>{w.answerOf(reply.answer)}</p>}
      {state === 'REFUSED' && may('WRITE') && <Button onClick={again}>{w.again}</Button>}
      {state === 'DISCARDED' && (
        <>
          <p>{w.discardedTold}</p>
          {may('WRITE') && <Button disabled={isBusy} onClick={() => void give(async () => (await ask(ReplyRestoreDocument, { input: { replyId: id, version } })).replyRestore, w.restored)}>{w.restore}</Button>}
        </>
      )}
      {state === 'UNCERTAIN' && (
        <>
          <p>{w.uncertainTold}</p>
          {may('SEND') && (
            <div className={css.buttons}>
              {(['SENT', 'RESEND', 'GIVE_UP'] as const).map((decision) => (
                <Button key={decision} variant="default" disabled={isBusy} onClick={() => void give(async () => (await ask(ReplyDecideDocument, { input: { replyId: id, decision } })).replyDecide)}>
                  {w.decisions[decision]}
                </Button>
              ))}
            </div>
          )}
        </>
      )}
      {state === 'AWAITING_APPROVAL' && <p>{w.approvalTold(reply.submittedBy?.name ?? '', holding.length, reply.approvalsNeeded)}</p>}
      <Approvals reply={reply} />
      {mayApprove && (
        <>
          <Textarea label={w.remark} autosize minRows={1} maxLength={2000} value={remark} onChange={(e) => setRemark(e.currentTarget.value)} />
          <div className={css.buttons}>
            <Button variant="default" disabled={isBusy || remark.trim() === ''} onClick={() => void give(async () => (await ask(ReplySendBackDocument, { input: { replyId: id, version, remark } })).replySendBack)}>{w.sendBack}</Button>
            <Button disabled={isBusy} onClick={() => void give(async () => (await ask(ReplyApproveDocument, { input: { replyId: id, version, remark: remark || null } })).replyApprove)}>{w.approve}</Button>
          </div>
        </>
      )}
      <Deliveries reply={reply} />
      <Said reply={reply} />
    </div>
  );
}

/** Seconds until it leaves: the server holds it for so long. */
function Countdown({ reply }: { reply: ReplyMetaFragment }) {
  const w = useWords(words);
  const answers = useQueryClient();
  const leaves = reply.sendAt === null ? 0 : Date.parse(reply.sendAt);
  const [now, setNow] = useState(Date.now);
  const seconds = Math.ceil((leaves - now) / 1000);
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
      if (Date.now() > leaves + 2_000) { // should no event come, the next look tells
        void answers.invalidateQueries({ queryKey: ['replies', reply.id] });
      }
    }, 500);
    return () => clearInterval(timer);
  }, [leaves, answers, reply.id]);
  const before = reply.queuePosition ?? 0;
  return <span aria-hidden>{seconds > 0 ? w.leavesIn(seconds) : before > 0 ? w.queue(before) : w.leaving}</span>;
}

export function Approvals({ reply }: { reply: ReplyMetaFragment }): ReactNode {
  const w = useWords(words);
  const { dates } = useSpeech();
  const said = reply.approvals.filter((a) => !a.void || !a.approved);
  return said.length > 0 && (
    <ul className={css.approvals}>
      {said.map((a) => (
        <li key={a.id}>
          <Icon name={a.approved ? 'check' : 'undo'} size={16} />{' '}
          {a.approved ? w.approvedBy(a.decidedBy.name, dates.moment(a.decidedAt)) : w.sentBackBy(a.decidedBy.name, dates.moment(a.decidedAt), a.remark)}
          {a.approved && a.remark && `: ${a.remark}`}
        </li>
      ))}
    </ul>
  );
}

function Deliveries({ reply }: { reply: ReplyMetaFragment }): ReactNode {
  const w = useWords(words);
  const { dates } = useSpeech();
  return reply.recipients.length > 0 && (
    <section aria-label={w.progress}>
      <h3>{w.progress}</h3>
      <ul className={css.deliveries}>
        {reply.recipients.map((r) => {
          const at = r.deliveredAt ?? r.failedAt ?? r.acceptedAt;
          return (
            <li key={r.id} data-status={r.status}>
              <Icon name={r.status === 'DELIVERED' ? 'check' : r.status.startsWith('NOT') ? 'alert' : 'clock'} size={16} />
              <span>{r.address}</span>
              <span>{r.system === 'ORDINARY' && r.status === 'ACCEPTED' ? w.noReceipt : w.deliveries[r.status]}{at && `, ${dates.moment(at)}`}</span>
              {r.reason && <small>{r.reason}</small>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** What it says, for who approves it or looks what was sent. */
function Said({ reply }: { reply: ReplyMetaFragment }): ReactNode {
  const w = useWords(words);
  const { dates } = useSpeech();
  const { preview } = usePreview(reply.id, always);
  return preview && (
    <section aria-label={w.text} className={css.preview}>
      <dl>
        <dt>{w.from}</dt><dd>{preview.from.address}</dd>
        <dt>{w.to}</dt><dd>{[...reply.to, ...reply.cc].map((a) => a.address).join(', ')}</dd>
        <dt>{w.subject}</dt><dd><strong>{preview.subject}</strong></dd>
        {reply.files.some((f) => f.contentId === '') && (
          <><dt>{w.files}</dt><dd><ul>{reply.files.filter((f) => f.contentId === '').map((f) => <li key={f.id}><a href={f.path} download={f.name}>{f.name}</a> <small>{dates.bytes(Number(f.size))}</small></li>)}</ul></dd></>
        )}
      </dl>
      <Letter html={preview.html} files={reply.files} />
    </section>
  );
}

const always = (): Promise<boolean> => Promise.resolve(true);
