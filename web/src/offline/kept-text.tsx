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

/** Shows it, and tries the page again once the server is heard. */
export function KeptText({ id, again }: { id: string; again: () => void }) {
  const t = useWords(words);
  const { dates } = useSpeech();
  const { state } = useLiveness();
  const [page, setPage] = useState<Page<string> | null>();
  useEffect(() => void kept.get<string>(`text ${id}`).then((found) => setPage(found ?? null)), [id]);
  const heard = state === 'live' || state === 'asking';
  useEffect(() => {
    if (!heard) {
      return undefined;
    }
    const timer = setTimeout(again, 1_000);
    return () => clearTimeout(timer);
  }, [heard, again]);
  if (page === undefined) {
    return null;
  }
  return (
    <>
      <p className={css.keptNote} role="status"><Icon name="cloudOff" /> {page ? t.textKept(dates.clock(new Date(page.at))) : t.textNotKept}</p>
      {page && <div className={css.keptText}>{page.data}</div>}
    </>
  );
}
