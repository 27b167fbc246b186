// A case for paper: a cover with numbers, times and digests, each message to be read,
// its attachments, and the receipts that prove what became of it.

import { Button, Checkbox } from '@mantine/core';
import '@mantine/core/styles/Checkbox.css';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { Link } from 'wouter';
import { folderAddress, useOutward } from '../casework/outward';
import { words as casework } from '../casework/words';
import type { MessagePrintedFragment } from '../generated/graphql';
import { judge } from '../message/judge';
import { Line, Lines, listed } from '../message/lines';
import { faults } from '../message/faults';
import { words as messageWords } from '../message/words';
import { caseAddress, useAddress, type Said } from '../shell/address';
import { useCommands } from '../shell/commands';
import { useHouse } from '../shell/house';
import { Icon } from '../shell/icon';
import type { Command } from '../shell/keys';
import { Failed, Waiting } from '../shell/states';
import type { Enclosed } from '../viewers/kinds';
import { useSpeech, useWords } from '../words/words';
import type { Printable } from './enclosed';
import { Enclosure } from './enclosure';
import css from './print.module.css';
import { readPrinted, type Printed } from './read';
import { Table } from './table';
import { useEnclosed } from './use-enclosed';
import { words } from './words';

/** Attachments are printed too when the address says so. */
function readSearch({ attachments }: Said): { attachments?: string } {
  return { attachments: attachments === 'yes' ? 'yes' : undefined };
}

const noFiles: readonly Enclosed[] = [];

export function CasePrint({ number }: { number: string }) {
  const w = useWords(words);
  const { outward: o } = useWords(casework);
  const { t } = useSpeech();
  const { data, error, refetch } = useQuery({ queryKey: ['case', 'print', number], queryFn: ({ signal }) => readPrinted(number, signal) });
  const [{ attachments }, change] = useAddress(readSearch);
  const wanted = attachments === 'yes';
  const files = useMemo(() => data?.letters.flatMap((l) => l.files) ?? noFiles, [data]);
  const { printable, progress } = useEnclosed(files, wanted);
  const paper = useRef<HTMLElement>(null);
  const ready = data != null && (!wanted || printable !== null);
  const [, folder] = useOutward(useMemo(() => (data ? { ...data.case, readable: data.case.subject !== null } : undefined), [data]));
  const commands = useMemo<Command[]>(() => [
    {
      id: 'print', title: o.print, group: t.groups.case, keys: 'p', possible: ready,
      run: () => void Promise.allSettled([...paper.current!.querySelectorAll('img')].map((i) => i.decode())).then(() => print()),
    },
    folder,
  ], [o, t, ready, folder]);
  useCommands(commands);
  useEffect(() => {
    const before = document.title;
    document.title = w.file(number); // what the file is called that it is printed into
    return () => {
      document.title = before;
    };
  }, [w, number]);
  if (error) {
    return <Failed again={() => void refetch()} />;
  }
  if (data === undefined) {
    return <Waiting />;
  }
  if (data === null) {
    return <p role="status">{t.cases.notFound}</p>;
  }
  return (
    <div className={css.print}>
      <style>{`@page { @bottom-left { content: "${w.page(data.case.number)}" } }`}</style>
      <div className={css.bar}>
        <Button leftSection={<Icon name="print" />} disabled={!ready} onClick={commands[0]!.run}>{o.print}</Button>
        {files.length > 0 && <Checkbox label={w.withAttachments} checked={wanted} onChange={(e) => change({ attachments: e.currentTarget.checked ? 'yes' : undefined }, { replace: true })} />}
        {folder.possible && <Button component="a" variant="default" href={folderAddress(data.case.id)} download title={o.folderTold} leftSection={<Icon name="download" />}>{o.folder}</Button>}
        <Link href={caseAddress(number)}>{w.back}</Link>
        <span role="status">{progress ? w.reading(progress.file, files.length, progress.page) : w.hint}</span>
      </div>
      <article ref={paper} className={css.paper}>
        <Cover printed={data} />
        {data.letters.map((l, i) => <Letter key={l.message.id} letter={l} place={i + 1} printable={printable} />)}
        {data.others.length > 0 && <section><h2>{w.otherReceipts}</h2><Receipts receipts={data.others} /></section>}
      </article>
    </div>
  );
}

function Cover({ printed: { case: c, letters } }: { printed: Printed }) {
  const w = useWords(words);
  const { t, dates } = useSpeech();
  const { viewer } = useHouse();
  const now = useMemo(() => new Date(), []);
  return (
    <header>
      <h1>{w.title(c.number)}</h1>
      <Lines>
        <Line name={w.subject}>{c.subject === null ? t.hidden : c.subject || t.noSubject}</Line>
        <Line name={w.sender}>{c.senderName ? `${c.senderName} <${c.senderAddress}>` : c.senderAddress}</Line>
        <Line name={w.received}>{dates.exact(c.receivedAt)}</Line>
        {c.mailbox && <Line name={w.mailbox}>{c.mailbox.address}</Line>}
        {c.office && <Line name={w.office}>{c.office.name}</Line>}
        {c.assignee && <Line name={w.assignee}>{c.assignee.name}</Line>}
        <Line name={w.status}>{t.statuses[c.status]}</Line>
        {c.closedAt && <Line name={w.closed}>{dates.exact(c.closedAt)}</Line>}
        <Line name={w.printed}>{w.printedBy(dates.moment(now), viewer.user.name)}</Line>
      </Lines>
      <h2>{w.contents}</h2>
      <Table head={[w.number, w.kind, w.when, w.identifier, w.hash]}>
        {letters.map(({ message: m }, i) => (
          <tr key={m.id}>
            <td>{i + 1}</td>
            <td>{kindOf(m, t.kinds[m.kind], w.direction.OUTGOING)}</td>
            <td>{dates.exact(timeOf(m))}</td>
            <td>{m.identifier || m.messageId}</td>
            <td><code>{m.original.sha256}</code></td>
          </tr>
        ))}
      </Table>
    </header>
  );
}

function Letter({ letter: { message: m, text, files, receipts }, place, printable }: { letter: Printed['letters'][number]; place: number; printable: ReadonlyMap<string, Printable> | null }) {
  const w = useWords(words);
  const { banners } = useWords(messageWords);
  const { reasons } = useWords(faults);
  const { t, dates } = useSpeech();
  const { label } = judge(m);
  return (
    <>
      <section>
        <h2>{place}. {m.subject || t.noSubject}</h2>
        <Lines>
          <Line name={t.message.from}>{m.senderName ? `${m.senderName} <${m.senderAddress}>` : m.senderAddress}</Line>
          <Line name={t.message.to}>{listed(m.recipients)}</Line>
          {m.copies.length > 0 && <Line name={t.message.cc}>{listed(m.copies)}</Line>}
          <Line name={w.kind}>{kindOf(m, t.kinds[m.kind], w.direction.OUTGOING)}</Line>
          {m.certifiedAt && <Line name={w.certified}>{dates.exact(m.certifiedAt)}</Line>}
          {m.sentAt && <Line name={w.sent}>{dates.exact(m.sentAt)}</Line>}
          {m.direction === 'INCOMING' && <Line name={w.receivedHere}>{dates.exact(m.receivedAt)}</Line>}
          {m.certification?.provider && <Line name={w.provider}>{m.certification.provider}</Line>}
          {m.identifier && <Line name={w.identifier}>{m.identifier}</Line>}
          {m.messageId && <Line name={w.messageId}>{m.messageId}</Line>}
          {label !== 'sent' && <Line name={w.verdict}>{[banners[label].title, ...m.verdict.reasons.map((r) => reasons[r.code] ?? r.detail)].join('. ')}{m.verdict.signer && ` (${m.verdict.signer})`}</Line>}
          <Line name={w.hash}><code>{m.original.sha256}</code> ({dates.bytes(Number(m.original.size)).replace(' ', '\u00a0')})</Line>
        </Lines>
        <h3>{w.text}</h3>
        <div className={css.text}>{text.trim() || w.noText}</div>
        <h3>{w.attachments}</h3>
        {files.length === 0 ? <p>{w.noAttachments}</p> : (
          <Table head={[w.name, w.type, w.bytes, w.sha256]}>
            {files.map((f) => <tr key={f.path}><td>{f.name}</td><td>{f.mediaType}</td><td>{dates.bytes(f.size)}</td><td><code>{f.sha256}</code></td></tr>)}
          </Table>
        )}
        {m.attachments.pageInfo.hasNextPage && <p>{w.moreAttachments}</p>}
        {(m.direction === 'OUTGOING' || receipts.length > 0) && (
          <>
            <h3>{w.receipts}</h3>
            {receipts.length === 0 ? <p>{w.noReceipts}</p> : <Receipts receipts={receipts} />}
          </>
        )}
      </section>
      {printable && files.map((f, i) => <Enclosure key={f.path} file={f} place={`${place}.${i + 1}`} printable={printable.get(f.path)!} />)}
    </>
  );
}

function Receipts({ receipts }: { receipts: readonly MessagePrintedFragment[] }) {
  const w = useWords(words);
  const { t, dates } = useSpeech();
  return (
    <Table head={[w.kind, w.recipient, w.when, w.identifier, w.hash]}>
      {receipts.map((r) => (
        <tr key={r.id}>
          <td>{t.kinds[r.kind]}{r.certification?.extendedError && <><br /><small>{r.certification.extendedError}</small></>}</td>
          <td>{r.certification?.deliveryTo || w.allRecipients}</td>
          <td>{dates.exact(timeOf(r))}</td>
          <td>{r.identifier || r.messageId}{r.certification?.provider && <><br /><small>{r.certification.provider}</small></>}</td>
          <td><code>{r.original.sha256}</code></td>
        </tr>
      ))}
    </Table>
  );
}

/** The certified time, else that of the sender or of ours. */
function timeOf(m: MessagePrintedFragment): string {
  return m.certifiedAt ?? (m.direction === 'OUTGOING' ? m.sentAt : null) ?? m.receivedAt;
}

/** What we sent is signed by our provider only on its way: it is called by where it goes. */
function kindOf(m: MessagePrintedFragment, kind: string, outgoing: string): string {
  return m.direction === 'OUTGOING' ? outgoing : kind;
}
