// One PEC, for reading: what it says first, then what was verified of it.

import { Anchor, Button } from '@mantine/core';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { MessageKind, MessageShownFragment } from '../generated/graphql';
import { keepText, KeptText } from '../offline/kept-text';
import { Icon, type IconName } from '../shell/icon';
import { useSpeech } from '../words/words';
import css from './message.module.css';

/** Whether a message says something of its own: receipts only prove something of another one. */
export function isMail({ kind }: { kind: MessageKind }): boolean {
  return kind === 'ENVELOPE' || kind === 'ANOMALY' || kind === 'ORDINARY';
}

export function MessageView({ message, heading = 2, keep = false }: {
  message: MessageShownFragment;
  heading?: 2 | 3;
  /** Whether this device may keep its text, to be read without a network. */
  keep?: boolean;
}) {
  const { t } = useSpeech();
  const Heading = `h${heading}` as const;
  const beside = message.attachments.nodes.filter((a) => !a.inline);
  return (
    <article className={css.message} aria-label={message.subject || t.noSubject}>
      <header>
        <Heading className={css.subject}>{message.subject || t.noSubject}</Heading>
        <Addresses message={message} />
      </header>
      <Judgement message={message} />
      <Body id={message.id} path={message.body.path} keep={keep} />
      {beside.length > 0 && (
        <section className={css.attachments} aria-label={t.message.attachments}>
          <h4>{t.message.attachments}</h4>
          <ul>
            {beside.map((a) => <AttachmentLink key={a.id} attachment={a} />)}
          </ul>
        </section>
      )}
      <Certification message={message} />
    </article>
  );
}

function Addresses({ message }: { message: MessageShownFragment }) {
  const { t, dates } = useSpeech();
  const all = (list: readonly { name: string; address: string }[]): string => list.map((a) => a.name ? `${a.name} <${a.address}>` : a.address).join(', ');
  const at = message.certifiedAt ?? message.receivedAt;
  return (
    <dl className={css.addresses}>
      <Line name={t.message.from}>{message.senderName ? <>{message.senderName} <span className={css.address}>{message.senderAddress}</span></> : message.senderAddress}</Line>
      <Line name={t.message.to}>{all(message.recipients)}</Line>
      {message.copies.length > 0 && <Line name={t.message.cc}>{all(message.copies)}</Line>}
      <Line name={message.certifiedAt ? t.message.certified : t.message.received}><time dateTime={at} title={dates.exact(at)}>{dates.moment(at)}</time></Line>
      <Line name={t.message.mailbox}>{message.deliveries.nodes.map((d) => d.mailbox?.address).filter(Boolean).join(', ')}</Line>
    </dl>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** In words what was verified, above what it says whenever there is a doubt. */
function Judgement({ message }: { message: MessageShownFragment }) {
  const { t } = useSpeech();
  const { status, reasons } = message.verdict;
  if (status === 'VALID' && message.kind === 'ENVELOPE') {
    return <p className={css.verdict} data-verdict={status}><Icon name="shield" /> {t.verdicts[status]}</p>;
  }
  const grave = status === 'ALTERED' || status === 'IMITATION' || status === 'UNTRUSTED';
  return (
    <div className={css.alert} data-grave={grave || undefined}>
      <strong><Icon name="alert" /> {message.kind === 'ENVELOPE' || message.kind === 'ANOMALY' && grave ? t.verdicts[status] : t.kinds[message.kind]}</strong>
      <p>{message.kind === 'ANOMALY' && !grave ? t.anomalyTold : t.verdictTold[status]}</p>
      {reasons.length > 0 && <ul>{reasons.map((r) => <li key={r.code}>{r.detail}</li>)}</ul>}
    </div>
  );
}

/**
 * What a PEC says, in a frame of its own where no script runs and nothing is fetched.
 * The server wrote that page; who opens it stands in the register.
 */
function Body({ id, path, keep }: { id: string; path: string; keep: boolean }) {
  const { t } = useSpeech();
  const [how, setHow] = useState<'shown' | 'text' | 'remote'>('shown');
  const [height, setHeight] = useState(120);
  const [page, setPage] = useState<DOMStringMap>({});
  const [tries, setTries] = useState(0);
  const [failed, setFailed] = useState(false);
  const frame = useRef<HTMLIFrameElement>(null);
  const loaded = (): void => {
    const root = frame.current?.contentDocument?.documentElement;
    setFailed(!root);
    if (root) {
      setPage({ ...root.dataset });
      setHeight(root.scrollHeight);
      if (keep) {
        void keepText(id, root);
      }
    }
  };
  useEffect(() => {
    const observed = frame.current;
    if (!observed) {
      return undefined;
    }
    const resized = new ResizeObserver(() => { // narrower lines make a longer page
      const body = observed.contentDocument?.body;
      if (body) {
        setHeight(body.scrollHeight + 32);
      }
    });
    resized.observe(observed);
    return () => resized.disconnect();
  }, [tries]);
  const pictures = Number(page['remotePictures'] ?? 0);
  return (
    <section className={css.text} aria-label={t.message.text}>
      {page['remote'] === 'blocked' && pictures > 0 && (
        <p className={css.blocked}>
          <Icon name="eye" /> {t.message.blocked(pictures)} <Button size="compact-sm" variant="default" onClick={() => setHow('remote')}>{t.message.showPictures}</Button>
        </p>
      )}
      {page['html'] === 'true' && (
        <Button size="compact-sm" variant="subtle" onClick={() => setHow(how === 'text' ? 'shown' : 'text')}>{how === 'text' ? t.message.asSent : t.message.asText}</Button>
      )}
      {failed && <KeptText id={id} again={() => setTries((n) => n + 1)} />}
      <iframe
        key={tries}
        hidden={failed}
        ref={frame}
        title={t.message.text}
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        src={path + { shown: '', text: '?as=text', remote: '?remote=1' }[how]}
        style={{ height }}
        onLoad={loaded}
      />
    </section>
  );
}

const icons: [RegExp, IconName][] = [
  [/^image\//, 'eye'],
  [/^message\//, 'mail'],
  [/zip|compressed|tar/, 'archive'],
  [/pkcs7|signature/, 'shield'],
];

function AttachmentLink({ attachment }: { attachment: MessageShownFragment['attachments']['nodes'][number] }) {
  const { t, dates } = useSpeech();
  const icon = icons.find(([media]) => media.test(attachment.mediaType))?.[1] ?? 'file';
  return (
    <li>
      <Icon name={icon} />
      <Anchor href={attachment.path} download={attachment.name} title={`${attachment.mediaType} · ${t.message.sha256} ${attachment.sha256}`}>
        {attachment.name}
      </Anchor>
      <small>{dates.bytes(Number(attachment.size))}</small>
    </li>
  );
}

function Certification({ message }: { message: MessageShownFragment }) {
  const { t, dates } = useSpeech();
  const { verdict, certification } = message;
  return (
    <details className={css.certification}>
      <summary>{t.message.certification}</summary>
      <dl className={css.addresses}>
        <Line name={t.message.status}>{t.kinds[message.kind]} · {t.verdicts[verdict.status]}</Line>
        {certification?.provider && <Line name={t.message.provider}>{certification.provider}</Line>}
        {message.identifier && <Line name={t.message.identifier}>{message.identifier}</Line>}
        {certification?.time && <Line name={t.message.certified}>{dates.exact(certification.time)}</Line>}
        {verdict.signer && <Line name={t.message.signer}>{verdict.signer}</Line>}
        {verdict.issuer && <Line name={t.message.issuer}>{verdict.issuer}</Line>}
        {verdict.time && <Line name={t.message.signatureTime}>{dates.exact(verdict.time)}</Line>}
        {verdict.digest && <Line name={t.message.digest}>{verdict.digest}</Line>}
        {verdict.revocation && <Line name={t.message.revocation}>{t.message.revocations[verdict.revocation] ?? verdict.revocation}</Line>}
        {message.problems.length > 0 && <Line name={t.message.problems}>{message.problems.map((p) => p.detail).join(' ')}</Line>}
        <Line name={t.message.original}>
          <Anchor href={message.original.path} download>{t.message.download(t.message.original, dates.bytes(Number(message.original.size)))}</Anchor>
          <br /><small className={css.hash}>{t.message.sha256} {message.original.sha256}</small>
        </Line>
      </dl>
    </details>
  );
}
