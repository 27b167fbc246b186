// A reply that is no draft any more: how far it is, in the words of what is known,
// and what can still be done about it.

import { Button, Textarea } from '@mantine/core';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { ask } from '../api/ask';
import { clock } from '../api/clock';
import {
  ReplyAgainDocument, ReplyApproveDocument, ReplyDecideDocument, ReplyRestoreDocument, ReplySendBackDocument,
  type ReplyDecision, type ReplyErrorFragment, type ReplyMetaFragment, type ReplyState,
} from '../generated/graphql';
import { MessageText } from '../message/text';
import { isFollowed, Ladder } from '../receipts/ladder';
import { useCommands } from '../shell/commands';
import { useHouse } from '../shell/house';
import { Icon, type IconName } from '../shell/icon';
import { useToast } from '../shell/toasts';
import { useSpeech, useWords } from '../words/words';
import { isHeld, Leaving, useWithdraw } from './leaving';
import { shownOf, usePreview } from './preview';
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
  const { busy, withdraw } = useWithdraw(id);
  const canWithdraw = may('SEND') && isHeld(reply);
  const onWithdraw = useRef(withdraw);
  onWithdraw.current = withdraw;
  useCommands(useMemo(() => [
    { id: 'withdraw', title: w.withdraw, group: w.group, keys: 'z', possible: canWithdraw && !busy, run: () => onWithdraw.current() },
  ], [w, canWithdraw, busy]));
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
      <div className={css.state} data-state={state}>
        <span role="status"><Icon name={icons[state]} size={22} /> <strong>{w.states[state]}</strong></span>
        <Leaving reply={reply} mayWithdraw={canWithdraw} busy={busy} withdraw={withdraw} />
        {state === 'DRAFT' && write && <Button variant="default" onClick={write}>{w.writeAnyway}</Button>}
      </div>
      {state === 'QUEUED' && reply.lastError !== '' && <p>{w.delayed(reply.lastError)}</p>}
      {state === 'SENDING' && <p>{w.sendingTold}</p>}
      {state === 'SENT' && reply.sentAt && <p><time dateTime={reply.sentAt} title={dates.exact(reply.sentAt)}>{w.sentTold(dates.moment(reply.sentAt))}</time></p>}
      {state === 'REFUSED' && <Refused reply={reply} again={may('WRITE') ? again : undefined} />}
      {state === 'DISCARDED' && (
        <>
          <p>{w.discardedTold}</p>
          {may('WRITE') && <Button disabled={isBusy} onClick={() => void give(async () => (await ask(ReplyRestoreDocument, { input: { replyId: id, version } })).replyRestore, w.restored)}>{w.restore}</Button>}
        </>
      )}
      {state === 'UNCERTAIN' && (
        <Uncertain reply={reply} mayDecide={may('SEND')} busy={isBusy} decide={(decision) => void give(async () => (await ask(ReplyDecideDocument, { input: { replyId: id, decision } })).replyDecide)} />
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
      {isFollowed(reply) && <Ladder recipients={reply.recipients} receipts={reply.outgoing?.receipts.nodes ?? []} sentAt={reply.sentAt} />}
      <Said reply={reply} />
    </div>
  );
}

/** Of a reply that did not leave: why, and what can be done. */
function Refused({ reply, again }: { reply: ReplyMetaFragment; again: (() => void) | undefined }) {
  const w = useWords(words);
  const how = reply.settledBy === 'PERSON' ? 'givenUp' : reply.recipients.some((r) => r.status === 'NOT_ACCEPTED') ? 'notAccepted' : 'notTaken';
  return (
    <>
      <p>{w.refusedTold[how]}</p>
      {how === 'notTaken' && reply.lastError && <p className={css.trouble}><Icon name="alert" /> {w.reason(reply.lastError)}</p>}
      {again && (
        <>
          <p>{w.refusedDo}</p>
          <div className={css.buttons}><Button onClick={again}>{w.again}</Button></div>
        </>
      )}
    </>
  );
}

/** Of a reply of which nobody knows whether the provider took it: what is waited for, and from when somebody may decide. */
function Uncertain({ reply, mayDecide, busy, decide }: { reply: ReplyMetaFragment; mayDecide: boolean; busy: boolean; decide(decision: ReplyDecision): void }) {
  const w = useWords(words);
  const { dates } = useSpeech();
  const from = reply.decidableAt === null ? 0 : Date.parse(reply.decidableAt);
  const [waits, setWaits] = useState(() => from > clock.now());
  useEffect(() => {
    if (!waits) {
      return undefined;
    }
    const timer = setTimeout(() => setWaits(false), from - clock.now());
    return () => clearTimeout(timer);
  }, [waits, from]);
  return (
    <>
      <p>{w.uncertainTold}</p>
      {reply.lastError && <p>{w.reason(reply.lastError)}</p>}
      {waits && reply.decidableAt !== null && <p><Icon name="clock" size={16} /> {w.decideFrom(dates.clock(reply.decidableAt))}</p>}
      {!waits && !mayDecide && <p>{w.othersDecide}</p>}
      {!waits && mayDecide && (
        <>
          <p>{w.decide}</p>
          <ul className={css.decisions}>
            {(['SENT', 'RESEND', 'GIVE_UP'] as const).map((decision) => (
              <li key={decision}><Button variant="default" disabled={busy} onClick={() => decide(decision)}>{w.decisions[decision]}</Button> <small>{w.decisionTold[decision]}</small></li>
            ))}
          </ul>
        </>
      )}
    </>
  );
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
      <MessageText key={reply.version} {...shownOf(reply.id, preview)} />
    </section>
  );
}

const always = (): Promise<boolean> => Promise.resolve(true);
