// What is written on a case, and how to begin more: for the page of the case.

import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ask } from '../api/ask';
import { CaseRepliesDocument } from '../generated/graphql';
import { useCommands } from '../shell/commands';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import css from './replies.module.css';
import { useOpenReply, useReplyStart } from './start';
import { words } from './words';

export default function Replies({ caseId }: { caseId: string }) {
  const w = useWords(words);
  const { t, dates } = useSpeech();
  const start = useReplyStart(caseId);
  const open = useOpenReply();
  const { data } = useQuery({
    queryKey: ['replies', 'of', caseId],
    queryFn: async ({ signal }) => {
      const { node } = await ask(CaseRepliesDocument, { id: caseId }, signal);
      return node && 'replies' in node ? node : null;
    },
  });
  const mayWrite = data?.mayDo.includes('WRITE') ?? false;
  // The newest that came from outside is what one answers.
  const last = data?.messages.nodes.findLast((m) => m.direction === 'INCOMING' && (m.kind === 'ENVELOPE' || m.kind === 'ANOMALY' || m.kind === 'ORDINARY'));
  useCommands(useMemo(() => [
    { id: 'reply', title: w.begin.REPLY, group: t.groups.case, keys: { simple: 'r', gmail: 'r' }, possible: mayWrite && !!last, run: () => start('REPLY', last?.id) },
    { id: 'reply all', title: w.begin.REPLY_ALL, group: t.groups.case, keys: { gmail: 'a' }, possible: mayWrite && !!last, run: () => start('REPLY_ALL', last?.id) },
    { id: 'forward', title: w.begin.FORWARD, group: t.groups.case, keys: { simple: 'i', gmail: 'f' }, possible: mayWrite && !!last, run: () => start('FORWARD', last?.id) },
    { id: 'write', title: w.begin.NEW, group: t.groups.case, possible: mayWrite, run: () => start('NEW') },
  ], [w, t, mayWrite, last, start]));
  if (!data) {
    return null;
  }
  return (
    <div className={css.replies}>
      {mayWrite && (
        <div>
          {last && (
            <>
              <Button leftSection={<Icon name="reply" />} onClick={() => start('REPLY', last.id)}>{w.begin.REPLY}</Button>
              <Button variant="default" onClick={() => start('REPLY_ALL', last.id)}>{w.begin.REPLY_ALL}</Button>
              <Button variant="default" leftSection={<Icon name="forward" />} onClick={() => start('FORWARD', last.id)}>{w.begin.FORWARD}</Button>
            </>
          )}
          <Button variant="default" leftSection={<Icon name="pen" />} onClick={() => start('NEW')}>{w.begin.NEW}</Button>
        </div>
      )}
      {data.replies.nodes.length > 0 && (
        <ul aria-label={w.drafts}>
          {data.replies.nodes.map((r) => (
            <li key={r.id}>
              <button type="button" onClick={() => open(r.id)} aria-label={w.openReply(r.subject || t.noSubject)}>
                <strong>{w.states[r.state]}</strong> <span>{r.subject || t.noSubject}</span> <small>{r.editedBy.name}, {dates.moment(r.editedAt)}</small>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
