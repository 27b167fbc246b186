// A reply: while it is a draft it is written, afterwards it is followed.

import { ActionIcon } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import { ask } from '../api/ask';
import { ReplyStateDocument, type ReplyMetaFragment, type ReplyState } from '../generated/graphql';
import { useHouse } from '../shell/house';
import { Icon } from '../shell/icon';
import { Failed, Nothing, Waiting } from '../shell/states';
import { useWords } from '../words/words';
import { Composer } from './composer';
import css from './reply.module.css';
import { Standing } from './standing';
import { useOpenReply } from './start';
import { words } from './words';

async function stateOf(id: string, signal?: AbortSignal): Promise<ReplyMetaFragment | null> {
  const { node } = await ask(ReplyStateDocument, { id }, signal);
  return node && 'state' in node ? node : null;
}

export default function ReplyEditor({ replyId, close }: { caseId: string; replyId: string; close(): void }) {
  const w = useWords(words);
  const open = useOpenReply();
  const answers = useQueryClient();
  const { data: reply, error, refetch } = useQuery({ queryKey: ['replies', replyId], queryFn: ({ signal }) => stateOf(replyId, signal) });
  // What becomes a draft again is written on by who wrote it, and not by who only looked on.
  const { viewer } = useHouse();
  const first = useRef<ReplyState>(undefined);
  first.current ??= reply?.state;
  const [wants, setWants] = useState(false);
  const mayWrite = reply?.case?.mayDo.includes('WRITE') ?? false;
  // Who has begun to write is not interrupted: a saving that is refused says why.
  const writes = useRef(false);
  writes.current = reply?.state === 'DRAFT' && (writes.current || mayWrite && (first.current === 'DRAFT' || wants || reply.editedBy.id === viewer.user.id));
  const changed = useCallback((now: ReplyMetaFragment) => {
    answers.setQueryData<ReplyMetaFragment | null>(['replies', replyId], now);
  }, [answers, replyId]);
  const refresh = useCallback(async () => {
    const now = await stateOf(replyId);
    if (now) {
      changed(now);
    }
    return now;
  }, [replyId, changed]);
  if (reply === undefined) {
    return error ? <Failed again={() => void refetch()} /> : <Waiting />;
  }
  if (reply === null) {
    return <Nothing>{w.notThere}</Nothing>;
  }
  return (
    <section className={css.reply} aria-label={w.title[reply.manner]}>
      {writes.current
        ? <Composer key={reply.id} reply={reply} changed={changed} refresh={refresh} close={close} />
        : (
          <>
            <header className={css.bar}>
              <h2>{w.title[reply.manner]}</h2>
              <ActionIcon size="lg" variant="subtle" color="gray" aria-label={w.close} title={w.close} onClick={close}><Icon name="close" /></ActionIcon>
            </header>
            <Standing key={`${reply.id} ${reply.state}`} reply={reply} changed={changed} open={open} write={mayWrite ? () => setWants(true) : undefined} />
          </>
        )}
    </section>
  );
}
