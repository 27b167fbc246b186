// One case on a whole screen: what it is, what comes next, the exchange, and what
// stands beside it. Everything of it is true at any moment, and nothing moves that
// is being read.

import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, useCallback, useMemo, useRef } from 'react';
import { useLocation } from 'wouter';
import { ask } from '../api/ask';
import { useCaseCommands, type CaseCommand } from '../casework/may';
import { useOutward } from '../casework/outward';
import { useTrail } from '../casework/trail';
import { CaseByNumberDocument } from '../generated/graphql';
import { useRow } from '../live/rows';
import { caseAddress, useAddress, type Said } from '../shell/address';
import { useCommands } from '../shell/commands';
import { useHouse } from '../shell/house';
import type { Command } from '../shell/keys';
import { lazy } from '../shell/lazily';
import { Failed, Nothing, Waiting } from '../shell/states';
import { useTitle } from '../shell/title';
import { useSpeech, useWords } from '../words/words';
import { CaseActions } from './actions';
import { Aside, HistorySection, noteField, UnsavedNote } from './aside';
import { useFolder, useReplies } from './folder';
import { Head } from './head';
import { useLooking } from './looking';
import css from './page.module.css';
import { useCaseRead } from './read';
import { useReadingPlace } from './reading-place';
import { Thread } from './thread';
import { words } from './words';

const ReplyEditor = lazy(() => import('../reply/editor'));

interface PageSearch {
  /** The id of the reply that is written. */
  reply?: string;
}

function readSearch(said: Said): PageSearch {
  return { reply: said['reply'] };
}

/** One case, by its number. */
export function CasePage({ number }: { number: string }) {
  const { t } = useSpeech();
  useTitle(useWords(words).number(number));
  const answers = useQueryClient();
  const { data: id, isPending, refetch } = useQuery({
    queryKey: ['case', 'number', number],
    // A number stays that of its case, also of one that is no longer to be seen: its page says so.
    queryFn: async ({ signal, queryKey }) => (await ask(CaseByNumberDocument, { number }, signal)).caseByNumber?.id ?? answers.getQueryData<string>(queryKey) ?? null,
  });
  if (isPending) {
    return <Waiting />;
  }
  return id === undefined ? <Failed again={() => void refetch()} /> : id === null ? <Nothing>{t.cases.notFound}</Nothing> : <Case key={id} id={id} />;
}

const none: readonly never[] = [];

function Case({ id }: { id: string }) {
  const { t } = useSpeech();
  const w = useWords(words);
  const { rows, viewer } = useHouse();
  const [, navigate] = useLocation();
  const isNarrow = useMediaQuery('(max-width: 60em)') ?? false;
  const [{ reply }, change] = useAddress(readSearch);
  const row = useRow(rows, id);
  const { data, error, refetch } = useCaseRead(id);
  const { data: folder, error: noFolder, refetch: readFolder } = useFolder(id);
  const { data: replies = none, error: noReplies, refetch: readReplies } = useReplies(id);
  const whole = useRef<HTMLDivElement>(null); // scrolls on a phone
  const thread = useRef<HTMLElement>(null);
  useReadingPlace(isNarrow ? whole : thread, id, data != null && row !== undefined);
  useLooking(id, data?.mayDo.includes('LOOK') ?? false);

  const ids = useMemo(() => [id], [id]);
  const { commands: all } = useCaseCommands(ids);
  const mayWrite = data?.mayDo.includes('WRITE') ?? false;
  const mayApprove = data?.mayDo.includes('APPROVE') ?? false;
  // What is half done comes before anything new; a reply that was begun is not begun again.
  const begun = useMemo(
    () => replies.find((r) => mayApprove && r.state === 'AWAITING_APPROVAL' && r.submittedBy?.id !== viewer.user.id) ?? replies.find((r) => mayWrite && r.state === 'DRAFT'),
    [replies, mayApprove, mayWrite, viewer],
  );
  const commands = useMemo(() => all.flatMap((c): CaseCommand[] => {
    switch (c.does) {
      case 'NOTE': return [{ ...c, run: () => document.getElementById(noteField)?.focus() }]; // on the page itself, where it outlives everything
      case 'REPLY': return !begun ? [c] : begun.id === reply ? [] : [{ ...c, title: begun.state === 'DRAFT' ? w.reply.resume : w.reply.review, run: () => change({ reply: begun.id }) }];
      default: return [c];
    }
  }), [all, begun, reply, w, change]);
  useCommands(commands);

  const trail = useTrail(id);
  const go = useCallback((to: string | undefined) => {
    const number = to === undefined ? undefined : rows.get(to)?.number;
    return number === undefined ? undefined : () => navigate(caseAddress(number), { replace: true });
  }, [rows, navigate]);
  const previous = useMemo(() => go(trail.previous), [go, trail.previous]);
  const next = useMemo(() => go(trail.next), [go, trail.next]);
  const back = useCallback(() => navigate(trail.back ?? '/cases'), [navigate, trail.back]);
  const closeReply = useCallback(() => change({ reply: undefined }), [change]);
  const outward = useOutward(row);
  const printing = useMemo<Command[]>(() => outward.map((c) => (c.id === 'print' ? { ...c, keys: 'p' } : c)), [outward]);
  useCommands(printing);
  useCommands(useMemo<Command[]>(() => [
    { id: 'next-case', title: w.next, group: t.groups.case, keys: { simple: 'j', gmail: 'j' }, possible: next !== undefined, run: () => next?.() },
    { id: 'previous-case', title: w.previous, group: t.groups.case, keys: { simple: 'k', gmail: 'k' }, possible: previous !== undefined, run: () => previous?.() },
    { id: 'back', title: w.back, group: t.groups.list, keys: 'Escape', possible: reply === undefined, run: back },
  ], [w, t, next, previous, back, reply]));

  if (!data || !row) {
    return error ? <Failed again={() => void refetch()} /> : data === null ? <><Nothing>{t.cases.notFound}</Nothing><UnsavedNote id={id} /></> : <Waiting />;
  }
  const may = (command: (typeof data.mayDo)[number]): boolean => data.mayDo.includes(command);
  const actions = <CaseActions row={row} commands={commands} before={printing} first={begun && reply === undefined ? 'REPLY' : undefined} most={isNarrow ? 2 : 4} />;
  return (
    <div ref={whole} className={css.page} data-writes={reply !== undefined || undefined}>
      <Head row={row} data={data} folder={folder} place={trail.at < 0 ? '' : w.place(trail.at + 1, trail.of)} back={back} previous={previous} next={next}>
        {!isNarrow && actions}
      </Head>
      <div className={css.body}>
        <section ref={thread} className={css.thread} aria-label={w.conversation} tabIndex={0}>
          {(error ?? noReplies) && <Unread again={() => void Promise.all([refetch(), readReplies()])}>{w.thread.failed}</Unread>}
          {row.readable
            ? <Thread data={data} replies={replies} mayWrite={mayWrite} writing={reply} write={(replyId) => change({ reply: replyId })} />
            : (
              <>
                <p role="note" className={css.unreadable}>{w.unreadable}</p>
                <HistorySection id={id} />
              </>
            )}
        </section>
        {reply !== undefined && (
          <div className={css.writing}>
            <Suspense fallback={<Waiting />}>
              <ReplyEditor key={reply} caseId={id} replyId={reply} close={closeReply} />
            </Suspense>
          </div>
        )}
        <aside className={css.beside} aria-label={w.beside} tabIndex={0}>
          {noFolder && <Unread again={() => void readFolder()}>{w.notRead}</Unread>}
          <Aside row={row} folder={folder} mayNote={may('NOTE')} mayAnswer={may('ANSWER')} />
        </aside>
      </div>
      {isNarrow && <div className={css.bar}>{actions}</div>}
    </div>
  );
}

/** What is shown is from before, or not there at all. */
function Unread({ again, children }: { again(): void; children: string }) {
  const { t } = useSpeech();
  return <p role="alert" className={css.unread}>{children} <Button size="compact-sm" variant="default" onClick={again}>{t.tryAgain}</Button></p>;
}
