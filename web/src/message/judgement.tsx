// What was verified of a message, in words: above what it says whenever there is
// something to know about it.

import { Suspense } from 'react';
import { Icon } from '../shell/icon';
import { lazy } from '../shell/lazily';
import { useWords } from '../words/words';
import { judge, type Judged } from './judge';
import css from './message.module.css';
import { words } from './words';

const Reasons = lazy(() => import('./reasons'));

export function Judgement({ message }: { message: Judged }) {
  const w = useWords(words);
  const { tone, label } = judge(message);
  const { status, reasons } = message.verdict;
  if (tone === 'good') {
    return <p className={css.verdict} data-verdict={status}><Icon name={label === 'sent' ? 'send' : 'shield'} /> {w.banners[label].told}</p>;
  }
  const known = reasons.filter((r) => r.code !== 'no-signature');
  return (
    <div className={css.alert} data-grave={tone === 'grave' || undefined} role="note" aria-label={w.banners[label].title}>
      <strong><Icon name="alert" /> {w.banners[label].title}</strong>
      <p>{w.banners[label].told}</p>
      {known.length > 0 && <Suspense><Reasons reasons={known} /></Suspense>}
    </div>
  );
}
