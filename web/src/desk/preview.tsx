import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ask } from '../api/ask';
import { CaseReadDocument } from '../generated/graphql';
import { isMail, MessageView } from '../message/message';
import { useHouse } from '../shell/house';
import { Icon } from '../shell/icon';
import { useRow } from '../live/rows';
import { useSpeech } from '../words/words';
import css from './desk.module.css';

/** What a case's PECs say, beside the list; on a phone, instead of it. */
export function Preview({ id, sort, back, open }: { id: string; sort?: () => void; back?: () => void; open?: () => void }) {
  const { t } = useSpeech();
  const { rows } = useHouse();
  const row = useRow(rows, id);
  const { data, error, refetch } = useQuery({
    queryKey: ['case', id],
    queryFn: async ({ signal }) => {
      const { node } = await ask(CaseReadDocument, { id }, signal);
      if (!node || !('number' in node)) {
        return null;
      }
      const { messages: _, ...row } = node; // the list knows less of them, and that is enough for it
      rows.put(row);
      return node;
    },
  });
  const canSort = data?.mayDo.includes('SORT') && row?.status === 'TO_SORT';
  return (
    <>
      <div className={css.actions}>
        {back && <Button variant="subtle" size="md" leftSection={<Icon name="arrowLeft" />} onClick={back}>{t.list.back}</Button>}
        {row?.status === 'TO_SORT' && sort
          ? <Button size="md" leftSection={<Icon name="sort" />} disabled={!canSort} onClick={sort}>{t.desk.sort}</Button>
          : row && <span className={css.status}>{t.list.gone(t.statuses[row.status], row.office?.name ?? '')}</span>}
        {open && <Button variant="default" size="md" onClick={open}>{t.message.openCase}</Button>}
      </div>
      <div className={css.reading}>
        {error && <p role="alert">{t.unreachable} <Button size="compact-sm" variant="default" onClick={() => void refetch()}>{t.tryAgain}</Button></p>}
        {data === null && <p role="status">{t.cases.notFound}</p>}
        {data && (
          <>
            <p className={css.why}>{data.number} · {t.message.why}: {data.routeReason}</p>
            {data.messages.nodes.filter(isMail).map((m) => <MessageView key={m.id} message={m} />)}
          </>
        )}
      </div>
    </>
  );
}
