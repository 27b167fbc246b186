// Saved views as buttons, each with how many cases it finds now; and the way to save
// the one that is shown.

import { useQueries } from '@tanstack/react-query';
import { Suspense, useCallback, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { ask } from '../api/ask';
import { CaseCountDocument, type CaseFilter } from '../generated/graphql';
import { searchOf, type Said } from '../shell/address';
import { useCommands } from '../shell/commands';
import { Icon } from '../shell/icon';
import type { Command } from '../shell/keys';
import { lazy } from '../shell/lazily';
import { useToast } from '../shell/toasts';
import { useSpeech, useWords } from '../words/words';
import { counted } from './counted';
import css from './saved-views.module.css';
import { addresses, useViews, type Place, type View } from './views';
import { words } from './filter-words';

const SaveView = lazy(() => import('./save-view'));

/** What a view narrows a list by: an address without the case that is read. */
export function viewOf({ read: _, ...said }: Said): string {
  return searchOf(said);
}

export default function SavedViews({ place, search, filterOf }: {
  place: Place;
  /** What the address says now. */
  search: Said;
  filterOf(said: Said): CaseFilter;
}) {
  const { t, dates } = useSpeech();
  const w = useWords(words);
  const toast = useToast();
  const [, navigate] = useLocation();
  const { views, save, remove } = useViews(place);
  const [naming, setNaming] = useState(false);
  const now = viewOf(search);
  const counts = useQueries({
    queries: views.map((v) => {
      const filter = filterOf(Object.fromEntries(new URLSearchParams(v.search)));
      return { queryKey: ['counts', 'view', filter], queryFn: async ({ signal }: { signal: AbortSignal }) => (await ask(CaseCountDocument, { filter }, signal)).caseCount };
    }),
  });
  const show = useCallback((v: View) => navigate(addresses[v.list] + v.search), [navigate]);
  useCommands(useMemo<Command[]>(() => [
    { id: 'save-view', title: w.saveView, group: t.groups.list, run: () => setNaming(true) },
    ...views.map((v) => ({ id: `view ${v.name}`, title: w.view(v.name), group: t.groups.list, run: () => show(v) })),
  ], [t, w, views, show]));
  return (
    <section className={css.views} aria-label={w.views}>
      {views.length > 0 && (
        <ul>
          {views.map((v, i) => (
            <li key={v.name}>
              <button type="button" aria-current={v.search === now ? 'true' : undefined} onClick={() => show(v)}>
                <Icon name="star" size={14} /> <span>{v.name}</span> <span className={css.count}>{counted(counts[i]?.data, dates.number)}</span>
              </button>
              <button type="button" className={css.remove} aria-label={w.removeView(v.name)} title={w.removeView(v.name)} onClick={() => {
                void remove(v).then((done) => done && toast({ text: w.viewRemoved(v.name), undo: () => void save(v) }));
              }}><Icon name="close" size={14} /></button>
            </li>
          ))}
        </ul>
      )}
      <button type="button" className={css.save} onClick={() => setNaming(true)}><Icon name="star" size={14} /> {w.saveView}</button>
      <Suspense>{naming && (
        <SaveView
          suggestion={views.find((v) => v.search === now)?.name ?? ''}
          close={() => setNaming(false)}
          save={(name) => {
            setNaming(false);
            void save({ name, list: place, search: now }).then((done) => done && toast({ text: w.viewSaved(name) }));
          }}
        />
      )}</Suspense>
    </section>
  );
}
