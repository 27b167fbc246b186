// Replies that wait for this person's yes: what each would say, as it would leave,
// and the two answers. Nothing of it is shown as done before the server says so.

import { useQuery } from '@tanstack/react-query';
import { useMediaQuery } from '@mantine/hooks';
import { useCallback, useEffect, useMemo } from 'react';
import { ask } from '../api/ask';
import { BoardUncertainDocument, type BoardReplyFragment } from '../generated/graphql';
import { useCommands } from '../shell/commands';
import type { Office } from '../shell/house';
import { Icon } from '../shell/icon';
import type { Command } from '../shell/keys';
import { Waiting } from '../shell/states';
import { useSpeech, useWords } from '../words/words';
import css from './approvals.module.css';
import { ReplyToApprove } from './reply-to-approve';
import type { BoardSearch } from './search';
import { useToApprove } from './to-approve';
import { Uncertain } from './uncertain';
import { words } from './words';

export function Approvals({ office, search, change }: {
  office: Office;
  search: BoardSearch;
  change(some: Partial<BoardSearch>, how?: { replace?: boolean }): void;
}) {
  const { t } = useSpeech();
  const w = useWords(words);
  const isNarrow = useMediaQuery('(max-width: 60em)') ?? false;
  const { data, isPending } = useToApprove();
  const { data: uncertain = [] } = useQuery({
    queryKey: ['replies', 'uncertain'],
    queryFn: async ({ signal }) => (await ask(BoardUncertainDocument, {}, signal)).replies.nodes,
    select: useCallback((all: BoardReplyFragment[]) => all.filter((r) => r.case?.office?.id === office.id), [office.id]),
  });
  const replies = data ?? none;
  const at = replies.findIndex((r) => r.id === search.read);
  const read = useCallback((id: string | undefined) => change({ read: id }, { replace: !isNarrow || id === undefined }), [change, isNarrow]);
  const [first] = replies;
  useEffect(() => { // where there is room for both, the first is read at once
    if (!isNarrow && search.read === undefined && first) {
      read(first.id);
    }
  }, [isNarrow, search.read, first, read]);
  useCommands(useMemo<Command[]>(() => {
    const go = (to: number): void => read(replies[Math.max(0, Math.min(replies.length - 1, to))]?.id);
    const possible = replies.length > 0;
    return [
      { id: 'next', title: t.list.next, group: t.groups.list, keys: 'ArrowDown', possible, run: () => go(at + 1) },
      { id: 'previous', title: t.list.previous, group: t.groups.list, keys: 'ArrowUp', possible, run: () => go(at - 1) },
      { id: 'back', title: t.list.back, group: t.groups.list, keys: 'Escape', possible: isNarrow && search.read !== undefined, run: () => read(undefined) },
    ];
  }, [t, replies, at, read, isNarrow, search.read]));
  if (isPending) {
    return <Waiting />;
  }
  const reads = search.read !== undefined;
  return (
    <div className={css.approvals} data-narrow={isNarrow || undefined}>
      {(!isNarrow || !reads) && (
        <section className={css.list} aria-label={w.approvals.list}>
          {replies.length === 0 && <p className={css.nothing} role="status"><Icon name="check" /> {w.approvals.none}</p>}
          <ul>
            {replies.map((r) => <Waits key={r.id} reply={r} isRead={r.id === search.read} read={() => read(r.id)} />)}
          </ul>
          {uncertain.length > 0 && <Uncertain replies={uncertain} />}
        </section>
      )}
      {reads ? <ReplyToApprove key={search.read} id={search.read!} isWaiting={at >= 0} decided={() => read(isNarrow ? undefined : replies[at + 1]?.id ?? replies[at - 1]?.id)} back={isNarrow ? () => read(undefined) : undefined} />
        : !isNarrow && replies.length > 0 && <p className={css.nothing}>{w.approvals.choose}</p>}
    </div>
  );
}

const none: readonly BoardReplyFragment[] = [];

function Waits({ reply, isRead, read }: { reply: BoardReplyFragment; isRead: boolean; read(): void }) {
  const { t, dates } = useSpeech();
  const w = useWords(words);
  const given = reply.approvals.filter((a) => a.approved && !a.void).length;
  return (
    <li>
      <button type="button" aria-current={isRead ? 'true' : undefined} onClick={read}>
        <b>{reply.subject || t.noSubject}</b>
        <span>{reply.to.map((a) => a.name || a.address).join(', ')}</span>
        <small>
          {w.approvals.by((reply.submittedBy ?? reply.author).name, dates.moment(reply.editedAt))}
          {reply.case && ` · ${reply.case.number}`} · {w.approvals.step(given + 1, reply.approvalsNeeded)}
        </small>
      </button>
    </li>
  );
}
