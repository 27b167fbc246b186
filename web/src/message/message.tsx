// One PEC, for reading: what it says first, then what was verified of it.

import { Suspense, useState } from 'react';
import type { MessageKind, MessageShownFragment } from '../generated/graphql';
import { lazy } from '../shell/lazily';
import { useSpeech, useWords } from '../words/words';
import { Attachments, inOrder } from './attachments';
import { Judgement } from './judgement';
import { Line, Lines, listed } from './lines';
import css from './message.module.css';
import { MessageText } from './text';
import { words } from './words';

const Viewer = lazy(() => import('../viewers/viewer'));
const Certification = lazy(() => import('./certification'));

/** Whether a message says something of its own: receipts only prove something of another one. */
export function isMail({ kind }: { kind: MessageKind }): boolean {
  return kind === 'ENVELOPE' || kind === 'ANOMALY' || kind === 'ORDINARY';
}

export function MessageView({ message, titled = false, keep = false }: {
  message: MessageShownFragment;
  /** Whether its subject stands above it already. */
  titled?: boolean;
  /** Whether this device may keep its text, to be read without a network. */
  keep?: boolean;
}) {
  const { t } = useSpeech();
  const w = useWords(words);
  const [opened, setOpened] = useState<number | null>(null);
  const { nodes, pageInfo } = message.attachments;
  const { files, beside } = inOrder(nodes.map((a) => ({ ...a, nestedPath: a.nestedPath ?? null, size: Number(a.size) })), message.body.html);
  const { path, size } = message.original;
  return (
    <article className={css.message} aria-label={message.subject || t.noSubject} tabIndex={-1}>
      <header>
        {!titled && <h2 className={css.subject}>{message.subject || t.noSubject}</h2>}
        <Addresses message={message} />
      </header>
      <Judgement message={message} />
      <MessageText path={message.body.path} html={message.body.html} source={{ path, size: Number(size) }} offline={{ id: message.id, keep }} />
      <Attachments files={files} beside={beside} open={setOpened} />
      {pageInfo.hasNextPage && <p>{w.moreAttachments}</p>}
      <Suspense>
        <Certification message={message} />
      </Suspense>
      <Suspense>
        {opened !== null && <Viewer files={files} first={opened} close={() => setOpened(null)} />}
      </Suspense>
    </article>
  );
}

function Addresses({ message }: { message: MessageShownFragment }) {
  const { t, dates } = useSpeech();
  const at = message.certifiedAt ?? message.receivedAt;
  return (
    <Lines>
      <Line name={t.message.from}>{message.senderName ? <>{message.senderName} <span className={css.address}>{message.senderAddress}</span></> : message.senderAddress}</Line>
      <Line name={t.message.to}>{listed(message.recipients)}</Line>
      {message.copies.length > 0 && <Line name={t.message.cc}>{listed(message.copies)}</Line>}
      <Line name={message.certifiedAt ? t.message.certified : t.message.received}><time dateTime={at} title={dates.exact(at)}>{dates.moment(at)}</time></Line>
      <Line name={t.message.mailbox}>{message.deliveries.nodes.map((d) => d.mailbox?.address).filter(Boolean).join(', ')}</Line>
    </Lines>
  );
}
