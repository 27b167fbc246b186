// The text of a PEC that was opened on this device, for when its page cannot be had.

import { useEffect, useState } from 'react';
import { useLiveness } from '../shell/house';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import { kept, type Page } from './kept';
import css from './offline.module.css';
import { words } from './words';

/** Characters of a text that are kept at most. */
const most = 200_000;

/** Keeps what a page that was opened says; nothing of how it looks. */
export async function keepText(id: string, page: HTMLElement): Promise<void> {
  await kept.put(`text ${id}`, (page.querySelector('body')?.innerText ?? '').slice(0, most));
}

/** Milliseconds between two questions whether the page can be had. */
const every = 3_000;

/**
 * Shows it, and has the page tried again once the server gives it. What the server
 * refuses is not shown, and no longer kept.
 */
export function KeptText({ id, path, again }: { id: string; path: string; again: () => void }) {
  const t = useWords(words);
  const { dates } = useSpeech();
  const { state } = useLiveness();
  const [page, setPage] = useState<Page<string> | null>();
  const [refused, setRefused] = useState(false);
  const isHeard = state === 'live' || state === 'asking';
  useEffect(() => void kept.get<string>(`text ${id}`).then((found) => setPage(found ?? null)), [id]);
  useEffect(() => {
    if (!isHeard || refused) {
      return undefined;
    }
    const end = new AbortController();
    const look = async (): Promise<void> => {
      const answer = await fetch(path, { method: 'HEAD', signal: end.signal }).catch(() => null);
      if (answer?.ok) {
        again();
      } else if (answer && answer.status < 500) {
        setRefused(true);
        void kept.drop(`text ${id}`);
      } else if (!end.signal.aborted) {
        timer = setTimeout(() => void look(), every);
      }
    };
    let timer = setTimeout(() => void look(), 0);
    return () => {
      clearTimeout(timer);
      end.abort();
    };
  }, [isHeard, refused, id, path, again]);
  if (page === undefined || (isHeard && !refused)) {
    return null;
  }
  return (
    <>
      <p className={css.keptNote} role="status"><Icon name="cloudOff" /> {refused ? t.textRefused : page ? t.textKept(dates.clock(new Date(page.at))) : t.textNotKept}</p>
      {page && !refused && <div className={css.keptText}>{page.data}</div>}
    </>
  );
}
