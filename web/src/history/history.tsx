// What happened to a case, as the register has it, in plain words: the newest first.

import { Button, Checkbox } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../api/ask';
import { CaseHistoryDocument, type CaseHistoryQuery, type EventKind } from '../generated/graphql';
import { useSpeech, useWords } from '../words/words';
import css from './history.module.css';
import { factsOf, readings } from './told';
import { words } from './words';

type Page = CaseHistoryQuery['events'];

/** How many entries are read at once. */
const page = 25;
const movements = (Object.keys(words.it.sentences) as EventKind[]).filter((kind) => !readings.has(kind));

export function History({ id }: { id: string }) {
  const { t, dates } = useSpeech();
  const w = useWords(words);
  const [all, setAll] = useState(false);
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: ['case', id, 'history', all],
    queryFn: async ({ pageParam, signal }): Promise<Page> =>
      (await ask(CaseHistoryDocument, { id, last: page, before: pageParam, kinds: all ? null : movements }, signal)).events,
    initialPageParam: null as string | null,
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasPreviousPage ? pageInfo.startCursor : undefined),
  });
  const events = data?.pages.flatMap((p) => p.nodes.toReversed()) ?? [];
  return (
    <>
      <Checkbox size="md" label={w.readings} checked={all} onChange={(e) => setAll(e.currentTarget.checked)} />
      {error && <p role="alert">{w.failed} <Button size="compact-sm" variant="default" onClick={() => void refetch()}>{t.tryAgain}</Button></p>}
      <ol className={css.history}>
        {events.map((event) => {
          const facts = factsOf(event);
          return (
            <li key={event.cursor}>
              <span className={css.when}>
                <time dateTime={event.occurredAt} title={dates.exact(event.occurredAt)}>{dates.moment(event.occurredAt)}</time> · {facts?.who || w.system}
              </span>
              <span className={css.what}>{facts ? w.sentences[facts.kind](facts) : w.unknown}</span>
            </li>
          );
        })}
      </ol>
      {hasNextPage && <Button variant="default" size="compact-md" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{w.earlier}</Button>}
    </>
  );
}
