import { Button, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Link } from 'wouter';
import { ask } from '../api/ask';
import { clock } from '../api/clock';
import { told, whyOf } from '../casework/refusal';
import { useKept } from '../casework/kept';
import { BoardReplyApproveDocument, BoardReplyReadDocument, BoardReplySendBackDocument, BoardReplyWithdrawDocument, type BoardDecidedFragment, type BoardReplyFragment } from '../generated/graphql';
import { caseAddress } from '../shell/address';
import { useCommands } from '../shell/commands';
import { useHouse } from '../shell/house';
import { Icon } from '../shell/icon';
import type { Command } from '../shell/keys';
import { Failed, Waiting } from '../shell/states';
import { useToast } from '../shell/toasts';
import { useSpeech, useWords } from '../words/words';
import css from './approvals.module.css';
import { toApprove } from './to-approve';
import { words } from './words';

/** One reply as it would leave, and what this person says of it. */
export function ReplyToApprove({ id, isWaiting, decided, back }: { id: string; isWaiting: boolean; decided(): void; back?: () => void }) {
  const speech = useSpeech();
  const { t, dates } = speech;
  const w = useWords(words).approvals;
  const { viewer } = useHouse();
  const answers = useQueryClient();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const [isRefusing, refuse] = useState(false);
  const [remark, setRemark, forget] = useKept(`approval ${id}`);
  const [trouble, setTrouble] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const { data: reply, error, isPending, refetch } = useQuery({
    queryKey: ['replies', 'read', id],
    gcTime: 0, // what is decided on is read anew each time
    queryFn: async ({ signal }) => {
      const { node } = await ask(BoardReplyReadDocument, { id }, signal);
      return node && 'approvals' in node ? node : null;
    },
  });
  useEffect(() => {
    if (isRefusing) {
      field.current?.focus();
    }
  }, [isRefusing]);

  const given = reply?.approvals.filter((a) => a.approved && !a.void) ?? [];
  const isLast = reply ? given.length + 1 >= reply.approvalsNeeded : false;
  const mayDecide = isWaiting && reply?.state === 'AWAITING_APPROVAL' && !given.some((a) => a.decidedBy.id === viewer.user.id);
  const problems = reply?.preview?.problems ?? [];
  const mayApprove = mayDecide && problems.length === 0;

  const decide = async (give: () => Promise<BoardDecidedFragment>, done: (made: BoardDecidedFragment) => void): Promise<void> => {
    setBusy(true);
    setTrouble('');
    try {
      const made = await give();
      if (made.userErrors.length > 0) {
        setTrouble(made.userErrors.some((e) => e.__typename === 'StaleReplyError') ? w.stale : w.refused(told(made.userErrors, speech)));
        void refetch();
      } else {
        forget();
        answers.setQueryData<readonly BoardReplyFragment[]>(toApprove, (all) => all?.filter((r) => r.id !== id));
        done(made);
        decided();
      }
    } catch (failure) {
      setTrouble(w.refused(whyOf(failure, t)));
    } finally {
      setBusy(false);
      void answers.invalidateQueries({ queryKey: ['replies'] });
    }
  };
  const withdraw = (): void => void ask(BoardReplyWithdrawDocument, { input: { replyId: id } }).then(
    ({ replyWithdraw: { userErrors } }) => toast(userErrors.length > 0 ? { tone: 'trouble', text: w.refused(told(userErrors, speech)) } : { text: w.withdrawn }),
    (failure: unknown) => toast({ tone: 'trouble', text: w.refused(whyOf(failure, t)) }),
  );
  const approve = (): void => void decide(
    async () => (await ask(BoardReplyApproveDocument, { input: { replyId: id, version: reply!.version, remark: remark.trim() || null } })).replyApprove,
    ({ reply: now }) => toast(now?.sendAt && Date.parse(now.sendAt) > clock.now() ? { text: w.approvedSent(dates.clock(now.sendAt)), undo: withdraw } : { text: w.approved }),
  );
  const sendBack = (): void => {
    if (remark.trim() === '') {
      setTrouble(w.reasonNeeded);
      field.current?.focus();
      return;
    }
    void decide(
      async () => (await ask(BoardReplySendBackDocument, { input: { replyId: id, version: reply!.version, remark: remark.trim() } })).replySendBack,
      () => toast({ text: w.sentBack((reply!.submittedBy ?? reply!.author).name) }),
    );
  };
  const current = useRef({ approve, sendBack });
  current.current = { approve, sendBack };
  useCommands(useMemo<Command[]>(() => [
    { id: 'approve', title: isLast ? w.approveAndSend : w.approve, group: t.groups.case, keys: { simple: 'v', gmail: 'v' }, possible: mayApprove && !busy, run: () => current.current.approve() },
    { id: 'send back', title: w.sendBack, group: t.groups.case, keys: { simple: 'm', gmail: 'm' }, possible: mayDecide && !busy, run: () => refuse(true) },
  ], [t, w, isLast, mayApprove, mayDecide, busy]));

  if (isPending) {
    return <Waiting />;
  }
  if (error) {
    return <Failed again={() => void refetch()} />;
  }
  if (!reply) {
    return <p className={css.nothing} role="status">{w.gone}</p>;
  }
  const addresses = (all: readonly { name: string; address: string }[]): string => all.map((a) => (a.name ? `${a.name} <${a.address}>` : a.address)).join(', ');
  return (
    <section className={css.reply} aria-label={w.text}>
      <div className={css.read}>
        {back && <Button variant="subtle" onClick={back} leftSection={<Icon name="arrowLeft" />}>{t.list.back}</Button>}
        <h2>{reply.preview?.subject || reply.subject || t.noSubject}</h2>
        <dl>
          {reply.case && <div><dt>{w.case}</dt><dd><Link href={caseAddress(reply.case.number)}>{reply.case.number}</Link> {reply.case.subject}</dd></div>}
          {reply.preview && <div><dt>{w.from}</dt><dd>{addresses([reply.preview.from])}</dd></div>}
          <div><dt>{w.to}</dt><dd>{addresses(reply.to)}</dd></div>
          {reply.cc.length > 0 && <div><dt>{w.cc}</dt><dd>{addresses(reply.cc)}</dd></div>}
        </dl>
        {given.map((a) => <p key={a.id} className={css.said}><Icon name="check" size={16} /> {w.said(a.decidedBy.name, dates.moment(a.decidedAt))}</p>)}
        {problems.length > 0 && <Remarks title={w.problems} remarks={problems} tone="bad" />}
        {reply.preview && reply.preview.warnings.length > 0 && <Remarks title={w.warnings} remarks={reply.preview.warnings} tone="warn" />}
        <div className={css.text} tabIndex={0} role="region" aria-label={w.text}>{reply.preview?.text}</div>
        {reply.files.length > 0 && (
          <>
            <h3>{w.files}</h3>
            <ul className={css.files}>
              {reply.files.map((f) => <li key={f.id}><a href={f.path} download={f.name}><Icon name="clip" size={16} /> {t.message.download(f.name, dates.bytes(Number(f.size)))}</a></li>)}
            </ul>
          </>
        )}
        {reply.concludes && <p className={css.quiet}>{w.concludes}</p>}
      </div>
      <form
        className={css.decision}
        onSubmit={(e) => {
          e.preventDefault();
          sendBack();
        }}
        onKeyDown={(e) => {
          if (e.key === 'Escape' && isRefusing) {
            e.stopPropagation();
            refuse(false);
          }
        }}
      >
        {mayDecide ? (
          <>
            {isRefusing && (
              <Textarea
                ref={field} label={w.reason} required autosize minRows={2} maxRows={6} maxLength={2000} value={remark} onChange={(e) => setRemark(e.currentTarget.value)}
                onKeyDown={(e) => {
                  if (e.key === 'Enter' && e.ctrlKey) {
                    sendBack();
                  }
                }}
              />
            )}
            {trouble && <p className={css.trouble} role="alert"><Icon name="warning" /> {trouble}</p>}
            <p role="status">{busy ? w.working : ''}</p>
            <div className={css.buttons}>
              {isRefusing ? (
                <>
                  <Button variant="default" size="md" onClick={() => refuse(false)}>{w.cancel}</Button>
                  <Button type="submit" size="md" color="red" loading={busy}>{w.sendBack}</Button>
                </>
              ) : (
                <>
                  <Button variant="default" size="md" disabled={busy} rightSection={<kbd aria-hidden>m</kbd>} onClick={() => refuse(true)}>{w.sendBack}</Button>
                  <Button size="md" disabled={!mayApprove} loading={busy} rightSection={<kbd aria-hidden>v</kbd>} leftSection={<Icon name="check" />} onClick={approve}>{isLast ? w.approveAndSend : w.approve}</Button>
                </>
              )}
            </div>
          </>
        ) : <p role="status">{w.gone}</p>}
      </form>
    </section>
  );
}

function Remarks({ title, remarks, tone }: { title: string; remarks: readonly { message: string }[]; tone: 'bad' | 'warn' }) {
  return (
    <div className={css.remarks} data-tone={tone}>
      <b><Icon name={tone === 'bad' ? 'warning' : 'alert'} size={16} /> {title}</b>
      <ul>{remarks.map((r) => <li key={r.message}>{r.message}</li>)}</ul>
    </div>
  );
}
