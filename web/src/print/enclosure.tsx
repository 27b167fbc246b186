// A file that came with a message, on pages of its own; what cannot be printed says so.

import { Line, Lines, listed } from '../message/lines';
import { useSpeech, useWords } from '../words/words';
import type { Enclosed } from '../viewers/kinds';
import type { Printable } from './enclosed';
import css from './print.module.css';
import { Table } from './table';
import { words } from './words';

export function Enclosure({ file, place, printable }: { file: Enclosed; place: string; printable: Printable }) {
  const w = useWords(words);
  const { dates } = useSpeech();
  return (
    <section className={css.enclosure}>
      <h3>{w.enclosure(place)}: {file.name}</h3>
      <Lines>
        <Line name={w.type}>{file.mediaType}, {dates.bytes(file.size)}</Line>
        {file.sha256 && <Line name={w.sha256}><code>{file.sha256}</code></Line>}
      </Lines>
      <Content name={file.name} printable={printable} />
    </section>
  );
}

function Content({ name, printable }: { name: string; printable: Printable }) {
  const w = useWords(words);
  const { t, dates } = useSpeech();
  switch (printable.as) {
    case 'pages': {
      const { addresses, of } = printable;
      return (
        <>
          {addresses.length < of && <p><b>{w.firstPages(addresses.length, of)}</b></p>}
          {addresses.map((a, i) => <img key={a} src={a} alt={w.pageOf(i + 1, of, name)} />)}
        </>
      );
    }
    case 'picture':
      return <img src={printable.address} alt={name} />;
    case 'table': {
      const [head, ...rows] = printable.rows;
      return <Table head={head!}>{rows.map((r, i) => <tr key={i}>{r.map((v, j) => <td key={j}>{v}</td>)}</tr>)}</Table>;
    }
    case 'text':
      return (
        <>
          {printable.cut && <p><b>{w.firstText}</b></p>}
          <div className={css.text}>{printable.text}</div>
        </>
      );
    case 'message': {
      const { subject, from, to, cc, sentAt, text, attachments } = printable.message;
      return (
        <>
          <Lines>
            <Line name={w.subject}>{subject || t.noSubject}</Line>
            <Line name={t.message.from}>{listed(from)}</Line>
            <Line name={t.message.to}>{listed(to)}</Line>
            {cc.length > 0 && <Line name={t.message.cc}>{listed(cc)}</Line>}
            {sentAt && <Line name={w.sent}>{dates.exact(sentAt)}</Line>}
            {attachments.length > 0 && <Line name={w.attachments}>{attachments.map((a) => a.name).join(', ')}</Line>}
          </Lines>
          <div className={css.text}>{text.trim() || w.noText}</div>
        </>
      );
    }
    case 'nothing':
      return <p><b>{w.unprinted[printable.why]}</b></p>;
  }
}
