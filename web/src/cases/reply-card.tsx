// A reply of ours among the messages of its case: how far it is, who has to do
// something about it, and the proof of where it came.

import { Button } from '@mantine/core';
import type { MessageShownFragment, ReplyShownFragment, ReplyState } from '../generated/graphql';
import { MessageView } from '../message/message';
import { isFollowed, Ladder } from '../receipts/ladder';
import { Leaving, useWithdraw } from '../reply/leaving';
import { useHouse } from '../shell/house';
import { Icon, type IconName } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import { Folded } from './folded';
import css from './thread.module.css';
import { words } from './words';

const icons: Record<ReplyState, IconName> = {
  DRAFT: 'note', AWAITING_APPROVAL: 'shield', QUEUED: 'clock', SENDING: 'send', UNCERTAIN: 'question', SENT: 'send', REFUSED: 'warning', DISCARDED: 'archive',
};
const isBad = (state: ReplyState): boolean => state === 'UNCERTAIN' || state === 'REFUSED';

export function ReplyCard({ reply: r, message, maySend, open }: { reply: ReplyShownFragment; message: MessageShownFragment | undefined; maySend: boolean; open(): void }) {
  const { t, dates } = useSpeech();
  const { viewer } = useHouse();
  const w = useWords(words);
  const { busy, withdraw } = useWithdraw(r.id);
  const to = [...r.to, ...r.cc].map((a) => a.address).join(', ');
  const alarmed = r.recipients.some((p) => p.missing !== 'NONE' || p.differs || p.status === 'NOT_DELIVERED' || p.status === 'NOT_ACCEPTED');
  const verb = { DRAFT: w.reply.resume, AWAITING_APPROVAL: w.reply.review, UNCERTAIN: w.reply.decide, SENT: null, DISCARDED: null, QUEUED: w.reply.open, SENDING: w.reply.open, REFUSED: w.reply.open }[r.state];
  const writers = r.editors.filter((p) => p.id !== viewer.user.id).map((p) => p.name).join(', ');
  const approvals = r.approvals.filter((a) => !a.void);
  return (
    <Folded
      icon={icons[r.state]} unfolded={r.state !== 'SENT' || alarmed} tone={isBad(r.state) || alarmed ? 'bad' : 'work'} at={r.sentAt ?? r.editedAt}
      title={`${w.reply.titles[r.manner]} · ${w.reply.states[r.state]}`} note={[to && w.thread.to(to), r.subject || t.noSubject].filter(Boolean).join(' · ')}
    >
      <p className={css.quiet}>
        {r.state === 'DRAFT' || r.state === 'AWAITING_APPROVAL' ? w.reply.told.DRAFT(r.editedBy.name, dates.moment(r.editedAt))
          : r.sentAt ? w.reply.told.by(r.submittedBy?.name ?? r.author.name, dates.moment(r.sentAt))
            : w.reply.told.submitted(r.submittedBy?.name ?? r.author.name)}
        {r.state === 'AWAITING_APPROVAL' && ` · ${w.reply.told.of(approvals.filter((a) => a.approved).length, r.approvalsNeeded)}`}
        {r.files.length > 0 && ` · ${w.thread.files(r.files.length)}`}
      </p>
      {writers && <p className={css.writers} role="status"><Icon name="note" size={16} /> {w.reply.told.editing(writers)}</p>}
      {approvals.map((a) => (
        <p key={a.id} className={css.quiet}>{a.approved ? w.reply.told.approved(a.decidedBy.name) : w.reply.told.sentBack(a.decidedBy.name)}, {dates.moment(a.decidedAt)}{a.remark && `: «${a.remark}»`}</p>
      ))}
      {r.state === 'UNCERTAIN' && <p className={css.bad}><Icon name="warning" size={16} /> {w.reply.told.uncertain}</p>}
      {(isBad(r.state) || r.state === 'QUEUED') && r.lastError && <p className={css.bad}><Icon name="warning" size={16} /> {r.lastError}</p>}
      {r.state === 'QUEUED' && <div className={css.leaving}><Leaving reply={r} mayWithdraw={maySend} busy={busy} withdraw={withdraw} /></div>}
      {verb && <Button variant={r.state === 'DRAFT' ? 'filled' : 'default'} leftSection={<Icon name={icons[r.state]} />} onClick={open}>{verb}</Button>}
      {isFollowed(r) && <Ladder recipients={r.recipients} receipts={r.outgoing?.receipts.nodes ?? []} sentAt={r.sentAt} />}
      {message && (
        <details className={css.sent}>
          <summary>{w.reply.text}</summary>
          <MessageView message={message} />
        </details>
      )}
    </Folded>
  );
}
