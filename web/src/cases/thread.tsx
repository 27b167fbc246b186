// The exchange of a case in its order: what came, what we wrote and how far it is.
// What comes new is added at the end, so that nothing moves that is being read.

import { Button } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useReplyStart } from '../casework/may';
import type { MessageShownFragment, ReplyShownFragment } from '../generated/graphql';
import { isMail, MessageView } from '../message/message';
import { isWithin } from '../message/within';
import { Ladder } from '../receipts/ladder';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import { Folded } from './folded';
import { useMoreMessages, useSentProof } from './folder';
import type { CaseRead } from './read';
import { ReplyCard } from './reply-card';
import css from './thread.module.css';
import { words } from './words';

type Entry =
  | { key: string; at: string; message: MessageShownFragment; reply?: undefined }
  | { key: string; at: string; reply: ReplyShownFragment; message?: MessageShownFragment };

/** E-mails and replies in one order; a reply that was sent is the message that it became. */
export function entriesOf(messages: readonly MessageShownFragment[], replies: readonly ReplyShownFragment[]): Entry[] {
  const sent = new Map(replies.flatMap((r) => (r.outgoing ? [[r.outgoing.id, r] as const] : [])));
  const mails = messages.filter(isMail);
  const byId = new Map(mails.map((m) => [m.id, m]));
  return [
    ...mails.filter((m) => !sent.has(m.id)).map((message): Entry => ({ key: message.id, at: message.receivedAt, message })),
    ...replies.filter((r) => r.state !== 'DISCARDED').map((reply): Entry => ({
      key: reply.id, at: reply.sentAt ?? reply.createdAt, reply, message: reply.outgoing ? byId.get(reply.outgoing.id) : undefined,
    })),
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

export function Thread({ data, replies, mayWrite, writing, write }: {
  data: CaseRead;
  replies: readonly ReplyShownFragment[];
  mayWrite: boolean;
  /** The reply that is open in the editor. */
  writing: string | undefined;
  write(replyId: string): void;
}) {
  const w = useWords(words).thread;
  const start = useReplyStart();
  const [wantsMore, wantMore] = useState(false);
  const { hasNextPage, endCursor } = data.messages.pageInfo;
  const rest = useMoreMessages(data.id, endCursor, wantsMore && hasNextPage);
  const entries = useMemo(
    () => entriesOf([...data.messages.nodes, ...rest.messages], replies).filter((e) => e.reply === undefined || e.reply.id !== writing),
    [data.messages.nodes, rest.messages, replies, writing],
  );
  const newest = entries.findLast((e) => e.reply === undefined && e.message.direction === 'INCOMING');
  const end = useRef<HTMLDivElement>(null);
  return (
    <>
      {entries.length === 0 && <p className={css.quiet}>{w.noMail}</p>}
      {entries.map((e) => (e.reply
        ? <ReplyCard key={e.key} reply={e.reply} message={e.message} maySend={data.mayDo.includes('SEND')} open={() => write(e.reply.id)} />
        : <Mail key={e.key} message={e.message} unfolded={e === newest} alone={entries.length === 1} titled={e.message.subject === data.subject} keep={!data.reserved} reply={mayWrite && e.message.direction === 'INCOMING' ? () => void start(data.id, 'REPLY', e.message.id) : undefined} />))}
      {(hasNextPage && !wantsMore || rest.more) && <Button variant="default" onClick={() => (wantsMore ? rest.read() : wantMore(true))}>{w.more}</Button>}
      <div ref={end} />
      <Arrived newest={newest?.key} end={end} />
    </>
  );
}

/** Says that something came while the page was read, and leads there. */
function Arrived({ newest, end }: { newest: string | undefined; end: React.RefObject<HTMLDivElement | null> }) {
  const w = useWords(words).thread;
  const seen = useRef(newest);
  const [fresh, setFresh] = useState(false);
  useEffect(() => {
    if (newest !== seen.current) {
      setFresh(seen.current !== undefined);
      seen.current = newest;
    }
  }, [newest]);
  return (
    <div role="status" className={css.arrived}>
      {fresh && (
        <Button size="compact-md" onClick={() => {
          setFresh(false);
          end.current?.scrollIntoView({ block: 'end' });
        }}>{w.arrived}</Button>
      )}
    </div>
  );
}

/** One e-mail, with what can be done about it. */
function Mail({ message, unfolded, alone, titled, keep, reply }: { message: MessageShownFragment; unfolded: boolean; alone: boolean; titled: boolean; keep: boolean; reply?: () => void }) {
  const { t } = useSpeech();
  const w = useWords(words).thread;
  const outgoing = message.direction === 'OUTGOING';
  const files = message.attachments.nodes.filter((a) => !isWithin(a, message.body.html)).length;
  const who = outgoing ? w.to(message.recipients.map((r) => r.address).join(', ')) : w.from(message.senderName || message.senderAddress || t.hidden);
  return (
    <Folded icon={outgoing ? 'send' : 'mail'} unfolded={unfolded} bare={alone} at={message.certifiedAt ?? message.receivedAt} title={who} note={[outgoing ? w.sent : '', message.subject || t.noSubject, files > 0 ? w.files(files) : ''].filter(Boolean).join(' · ')}>
      <MessageView message={message} titled={titled} keep={keep} />
      {outgoing && <SentLadder message={message} />}
      {reply && !alone && <Button variant="default" leftSection={<Icon name="reply" />} onClick={reply}>{w.reply}</Button>}
    </Folded>
  );
}

function SentLadder({ message }: { message: MessageShownFragment }) {
  const proof = useSentProof(message.id);
  return proof && proof.recipients.length > 0 ? <Ladder recipients={proof.recipients} receipts={proof.receipts} sentAt={message.sentAt} /> : null;
}
