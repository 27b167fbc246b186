import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useCallback } from 'react';
import { ask } from '../api/ask';
import { CaseByNumberDocument } from '../generated/graphql';
import { useAddress, type Said } from '../shell/address';
import { Waiting } from '../shell/states';
import { useSpeech } from '../words/words';
import css from './page.module.css';
import { Preview } from './preview';

const Replies = lazy(() => import('../reply/replies'));
const ReplyEditor = lazy(() => import('../reply/editor'));

function readPageSearch(said: Said): { reply?: string } {
  return { reply: said['reply'] };
}

/** One case, by its number, and beside it the reply that is open. */
export function CasePage({ number: full }: { number: string }) {
  const { t } = useSpeech();
  const [{ reply }, change] = useAddress(readPageSearch);
  const close = useCallback(() => change({ reply: undefined }), [change]);
  const { data, isPending } = useQuery({
    queryKey: ['case', 'number', full],
    queryFn: async ({ signal }) => (await ask(CaseByNumberDocument, { number: full }, signal)).caseByNumber,
  });
  if (isPending) {
    return <Waiting />;
  }
  return (
    <div className={css.both}>
      <div className={css.page}>
        <h1>{t.cases.number(full)}</h1>
        {data && !reply && <Suspense><Replies caseId={data.id} /></Suspense>}
        {data ? <Preview id={data.id} back={() => history.back()} /> : <p role="status">{t.cases.notFound}</p>}
      </div>
      {data && reply && <Suspense fallback={<Waiting />}><ReplyEditor key={reply} caseId={data.id} replyId={reply} close={close} /></Suspense>}
    </div>
  );
}
