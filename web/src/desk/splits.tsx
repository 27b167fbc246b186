// The parts of the desk's mail, with how much is in each; the views that the person
// has saved; and the way to what moves and what is late.

import { NativeSelect } from '@mantine/core';
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { Suspense, type ReactNode } from 'react';
import { Link } from 'wouter';
import { ask } from '../api/ask';
import { counted } from '../cases/counted';
import { CaseCountDocument } from '../generated/graphql';
import { Icon } from '../shell/icon';
import { lazy } from '../shell/lazily';
import { useSpeech, useWords } from '../words/words';
import css from './desk.module.css';
import { filterOfSplit, questionOf, readDeskSearch, splits, type DeskSearch, type Split } from './search';
import { words } from './words';

const SavedViews = lazy(() => import('../cases/saved-views'));
const ViewsChoice = lazy(() => import('../cases/views-choice'));

export function Splits({ search, choose, isFolded, children }: {
  search: DeskSearch;
  choose(split: Split): void;
  isFolded: boolean;
  /** What else stands in the line where they are folded. */
  children?: ReactNode;
}) {
  const { t, dates } = useSpeech();
  const w = useWords(words);
  const counts = useQueries({
    queries: splits.map((split) => ({
      queryKey: ['counts', split],
      queryFn: async ({ signal }: { signal: AbortSignal }) => (await ask(CaseCountDocument, { filter: filterOfSplit(split) }, signal)).caseCount,
      placeholderData: keepPreviousData,
    })),
  });
  const current = search.split ?? 'toSort';
  const movements = <Link href="/desk/movements" className={css.movements}><Icon name="chart" size={16} /> <span>{w.movements}</span></Link>;
  if (isFolded) {
    return (
      <div className={css.folded}>
        <NativeSelect
          aria-label={t.desk.splitsLabel}
          data={splits.map((s, i) => ({ value: s, label: `${t.desk.splits[s]} ${counted(counts[i]?.data, dates.number)}` }))}
          value={current}
          size="md"
          onChange={(e) => choose(e.currentTarget.value as Split)}
        />
        {movements}
        {children}
        <Suspense><ViewsChoice place="DESK" search={{ ...search }} /></Suspense>
      </div>
    );
  }
  return (
    <nav className={css.splits} aria-label={t.desk.splitsLabel}>
      {splits.map((s, i) => (
        <button key={s} type="button" aria-current={s === current ? 'true' : undefined} onClick={() => choose(s)}>
          <span>{t.desk.splits[s]}</span>
          <span className={css.count}>{counted(counts[i]?.data, dates.number)}</span>
        </button>
      ))}
      {movements}
      <h2>{w.views}</h2>
      <Suspense><SavedViews place="DESK" search={{ ...search }} filterOf={(said) => questionOf(readDeskSearch(said)).filter} /></Suspense>
    </nav>
  );
}
