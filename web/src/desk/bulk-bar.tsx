// What can be done with the rows that are selected, how many more the filter finds,
// and how far the sorting of many is.

import { Button, CloseButton, Progress } from '@mantine/core';
import '@mantine/core/styles/Progress.css';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { ask } from '../api/ask';
import { counted } from '../cases/counted';
import { whyOf } from '../casework/refusal';
import { CaseCountDocument } from '../generated/graphql';
import type { LiveList, Shown } from '../live/list';
import { caseAddress } from '../shell/address';
import { useHouse } from '../shell/house';
import { useToast } from '../shell/toasts';
import { useSpeech, useWords } from '../words/words';
import css from './desk.module.css';
import { readAll, type Job } from './in-bulk';
import { words } from './words';

export function BulkBar({ list, shown, selected, select, canSort, sort }: {
  list: LiveList;
  shown: Shown;
  selected: ReadonlySet<string>;
  select(ids: ReadonlySet<string>): void;
  canSort: boolean;
  sort(): void;
}) {
  const { t } = useSpeech();
  const isPage = shown.more && shown.ids.length > 0 && shown.ids.every((id) => selected.has(id));
  return (
    <div className={css.bulk} role="toolbar" aria-label={t.list.selected(selected.size)}>
      <span>{t.list.selected(selected.size)}</span>
      <Button size="compact-md" disabled={!canSort} onClick={sort}>{t.desk.sort}</Button>
      <Button size="compact-md" variant="default" onClick={() => select(new Set())}>{t.list.selectNone}</Button>
      {isPage && selected.size <= shown.ids.length && <AllOfFilter list={list} select={select} />}
    </div>
  );
}

/** Selects what was not read yet as well. */
function AllOfFilter({ list, select }: { list: LiveList; select(ids: ReadonlySet<string>): void }) {
  const { t, dates } = useSpeech();
  const w = useWords(words);
  const { rows } = useHouse();
  const toast = useToast();
  const [read, tell] = useState<number | null>(null);
  const end = useRef(new AbortController());
  useEffect(() => {
    const mine = (end.current = new AbortController());
    return () => mine.abort();
  }, [list]);
  const { filter } = list.question;
  const { data: n } = useQuery({ queryKey: ['counts', 'found', filter], queryFn: async ({ signal }) => (await ask(CaseCountDocument, { filter }, signal)).caseCount });
  const all = async (): Promise<void> => {
    const { signal } = end.current;
    try {
      const ids = await readAll(list.question, rows, tell, signal);
      signal.throwIfAborted();
      select(new Set(ids));
    } catch (failure) {
      if (!signal.aborted) {
        tell(null);
        toast({ tone: 'trouble', text: whyOf(failure, t) });
      }
    }
  };
  return read === null
    ? <Button size="compact-md" variant="subtle" onClick={() => void all()}>{w.allOfFilter(counted(n, dates.number))}</Button>
    : <span role="status">{w.readingAll(dates.number(read))}</span>;
}

/** How far a job is, and what it could not do. */
export function JobReport({ job, close }: { job: Job; close(): void }) {
  const { t, dates } = useSpeech();
  const w = useWords(words);
  const n = dates.number;
  const ended = job.done.length + job.failed.length;
  return (
    <div className={css.job} data-failed={job.failed.length > 0 || undefined}>
      <p role="status">
        {(job.running ? w.job.running : w.job.ended)(n(job.done.length), n(job.total))}{job.failed.length > 0 && ` · ${w.job.failed(job.failed.length)}`}
      </p>
      {!job.running && <CloseButton aria-label={t.close} onClick={close} />}
      {job.running && <Progress className={css.progress} value={(ended / job.total) * 100} aria-label={w.job.running(n(job.done.length), n(job.total))} />}
      {!job.running && job.failed.length > 0 && (
        <details>
          <summary>{w.job.list}</summary>
          <ul>
            {job.failed.map(({ row, why }) => <li key={row.id}><Link href={caseAddress(row.number)}>{row.number}</Link> {row.subject} – {why}</li>)}
          </ul>
        </details>
      )}
    </div>
  );
}
