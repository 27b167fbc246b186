// A message that is attached to another one, read like any other; the server gives
// what it says of itself.

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Attachments, inOrder } from '../message/attachments';
import { Line, Lines, listed } from '../message/lines';
import { MessageText } from '../message/text';
import { useCommands } from '../shell/commands';
import { Icon } from '../shell/icon';
import type { Command } from '../shell/keys';
import { useSpeech, useWords } from '../words/words';
import { NotOpened } from './fetched';
import type { ViewProps } from './kinds';
import { readNested, type Nested } from './nested-read';
import { usePrint } from './print-sheet';
import Unknown from './unknown';
import css from './viewer.module.css';
import { useInside } from './viewer';
import { words } from './words';
import { Tool } from './zoom';

export default function NestedMessage(props: ViewProps) {
  const { file } = props;
  const w = useWords(words);
  const { t } = useSpeech();
  const open = useInside();
  const print = usePrint();
  const { data, error } = useQuery({
    queryKey: ['attachment', 'nested', file.nestedPath],
    queryFn: ({ signal }) => readNested(file.nestedPath!, signal),
    gcTime: 0,
    retry: false,
  });
  const commands = useMemo<Command[]>(() => (data ? [{
    id: 'attachment-print', title: w.print, group: w.group, run: () => print(<><h1>{data.subject || t.noSubject}</h1><Head message={data} /><pre>{data.text}</pre></>),
  }] : []), [data, print, w, t]);
  useCommands(commands, t.groups.everywhere);
  if (error) {
    return <Unknown {...props} why={error instanceof NotOpened && error.status === 404 ? w.notMail : w.failed} />;
  }
  if (!data) {
    return <div className={css.told} role="status"><p>{w.opening(file.name)}</p></div>;
  }
  const { files, beside } = inOrder(data.attachments, data.html);
  return (
    <div className={css.nested}>
      <div className={css.bar} role="group" aria-label={w.toolbar}>
        <Tool command={commands[0]!} icon="print" />
        <span className={css.warned}><Icon name="alert" size={16} /> {w.nestedTold}</span>
      </div>
      <article aria-label={data.subject || t.noSubject} tabIndex={-1}>
        <h3>{data.subject || t.noSubject}</h3>
        <Head message={data} />
        <MessageText path={data.bodyPath} html={data.html} source={{ path: file.path, size: file.size }} />
        <Attachments files={files} beside={beside} open={(i) => open(files, i)} />
      </article>
    </div>
  );
}

function Head({ message }: { message: Nested }) {
  const w = useWords(words);
  const { t, dates } = useSpeech();
  return (
    <Lines>
      <Line name={t.message.from}>{listed(message.from)}</Line>
      <Line name={t.message.to}>{listed(message.to)}</Line>
      {message.cc.length > 0 && <Line name={t.message.cc}>{listed(message.cc)}</Line>}
      {message.sentAt && <Line name={w.sent}><time dateTime={message.sentAt}>{dates.moment(message.sentAt)}</time></Line>}
    </Lines>
  );
}
