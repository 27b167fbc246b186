// The last look before a PEC leaves: from where, to whom, with what, and what
// speaks against it.

import { Button, Checkbox, Loader, Modal } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { ask } from '../api/ask';
import { ReplySendDocument, type ReplyMetaFragment } from '../generated/graphql';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import { usePreview } from './preview';
import { Badge } from './recipients';
import css from './reply.module.css';
import { words } from './words';

export default function SendDialog({ reply, ready, version, sent, close }: {
  reply: ReplyMetaFragment;
  /** Saves what is not saved yet, and waits for what is on its way. */
  ready(): Promise<boolean>;
  version(): number;
  sent(reply: ReplyMetaFragment): void;
  close(): void;
}) {
  const w = useWords(words);
  const { t, dates } = useSpeech();
  const { preview, failed, again } = usePreview(reply.id, ready);
  const [isAnswered, setAnswered] = useState(false);
  const [isMeant, setMeant] = useState(false);
  const [trouble, setTrouble] = useState('');
  const [isSending, setSending] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const systems = useMemo(() => new Map(preview?.recipients.map((r) => [r.address, r.system])), [preview]);
  const approvals = reply.case?.office?.approvals ?? 0;
  const received = reply.answers ? reply.case?.mailbox?.address : undefined;
  const warnings = [
    ...(preview?.warnings.map((r) => r.message) ?? []),
    ...(preview && preview.subject === '' ? [w.noSubject] : []),
    ...(received && received !== reply.mailbox.address ? [w.otherMailbox(received)] : []),
  ];
  const can = preview !== undefined && preview.problems.length === 0 && !isSending && (!isAnswered || isMeant);
  const isReady = preview !== undefined;
  useEffect(() => {
    if (isReady) {
      button.current?.focus();
    }
  }, [isReady]);
  const send = async (): Promise<void> => {
    setSending(true);
    setTrouble('');
    try {
      const { replySend: told } = await ask(ReplySendDocument, { input: { replyId: reply.id, version: version(), again: isMeant } });
      const [error] = told.userErrors;
      if (!error && told.reply) {
        sent(told.reply);
        return;
      }
      if (error?.code === 'ANSWERED') {
        setAnswered(true);
      }
      setTrouble(w.notSent(error?.message ?? ''));
    } catch {
      setTrouble(w.notSent(t.unreachable));
    }
    setSending(false);
  };
  const addresses = (list: ReplyMetaFragment['to']) => (
    <ul>{list.map((a) => <li key={a.address}>{a.name && a.name !== a.address ? `${a.name} <${a.address}>` : a.address} <Badge address={a.address} systems={systems} /></li>)}</ul>
  );
  const files = reply.files.filter((f) => f.contentId === '');
  return (
    <Modal opened onClose={close} size="lg" title={w.sendTitle} closeButtonProps={{ 'aria-label': t.close }} onKeyDown={(e) => {
      if (e.key === 'Enter' && e.ctrlKey && can) {
        e.preventDefault();
        void send();
      }
    }}>
      {failed && <p role="alert">{w.notYetSaved} <Button size="compact-sm" variant="default" onClick={again}>{t.tryAgain}</Button></p>}
      {!preview && !failed && <p role="status"><Loader size="sm" aria-hidden /> {t.waiting}</p>}
      {preview && (
        <div className={css.preview}>
          <dl>
            <dt>{w.from}</dt><dd>{preview.from.address}</dd>
            <dt>{w.to}</dt><dd>{addresses(reply.to)}</dd>
            {reply.cc.length > 0 && <><dt>{w.cc}</dt><dd>{addresses(reply.cc)}</dd></>}
            <dt>{w.subject}</dt><dd><strong>{preview.subject || t.noSubject}</strong></dd>
            {files.length > 0 && <><dt>{w.files}</dt><dd><ul>{files.map((f) => <li key={f.id}>{f.name} <small>{dates.bytes(Number(f.size))}</small></li>)}</ul></dd></>}
            <dt>{w.messageSize}</dt><dd>{w.total(dates.bytes(Number(preview.size)), dates.bytes(Number(preview.limit)))}</dd>
            <dt>{w.receipt}</dt><dd>{w.receipts[reply.receiptType]}: {w.receiptTold[reply.receiptType].toLowerCase()}</dd>
          </dl>
          {preview.problems.length > 0 && (
            <div className={css.alert} data-grave role="alert">
              <strong><Icon name="alert" /> {w.problems}</strong>
              <ul>{preview.problems.map((p) => <li key={p.path + p.message}>{p.message}</li>)}</ul>
            </div>
          )}
          {warnings.length > 0 && (
            <div className={css.alert} role="status">
              <strong><Icon name="warning" /> {w.warnings}</strong>
              <ul>{warnings.map((m) => <li key={m}>{m}</li>)}</ul>
            </div>
          )}
          {approvals > 0 && <p><Icon name="person" /> {w.approvalNeeded(approvals)}</p>}
          {trouble && <p className={css.trouble} role="alert"><Icon name="alert" /> {trouble}</p>}
          {isAnswered && <Checkbox size="md" label={w.answerAgain} checked={isMeant} onChange={(e) => setMeant(e.currentTarget.checked)} />}
          <p className={css.quiet}>{preview.hold > 0 ? w.held(preview.hold) : w.notHeld}</p>
        </div>
      )}
      <div className={css.buttons}>
        <Button variant="default" data-autofocus onClick={close}>{w.cancel}</Button>
        <Button ref={button} leftSection={<Icon name="send" />} disabled={!can} loading={isSending} onClick={() => void send()}>{w.send}</Button>
      </div>
    </Modal>
  );
}
