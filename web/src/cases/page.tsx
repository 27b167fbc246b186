import { useQuery } from '@tanstack/react-query';
import { ask } from '../api/ask';
import { CaseByNumberDocument } from '../generated/graphql';
import { Waiting } from '../shell/states';
import { useSpeech } from '../words/words';
import css from './page.module.css';
import { Preview } from './preview';

/** One case, by its number. */
export function CasePage({ number: full }: { number: string }) {
  const { t } = useSpeech();
  const { data, isPending } = useQuery({
    queryKey: ['case', 'number', full],
    queryFn: async ({ signal }) => (await ask(CaseByNumberDocument, { number: full }, signal)).caseByNumber,
  });
  if (isPending) {
    return <Waiting />;
  }
  return (
    <div className={css.page}>
      <h1>{t.cases.number(full)}</h1>
      {data ? <Preview id={data.id} back={() => history.back()} /> : <p role="status">{t.cases.notFound}</p>}
    </div>
  );
}
