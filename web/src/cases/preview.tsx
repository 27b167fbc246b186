import { Button } from '@mantine/core';
import { Link } from 'wouter';
import { CaseMenu } from '../casework/menu';
import { useRow } from '../live/rows';
import { isMail, MessageView } from '../message/message';
import { deedSaid, useDeed } from '../offline/queued';
import { words } from '../offline/words';
import { useHouse, useLiveness, useRoles } from '../shell/house';
import { PrintLink } from '../print/link';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import { useLooking } from './looking';
import { Notices } from './notices';
import css from './preview.module.css';
import { useCaseRead } from './read';
import { routingSaid } from './routing';
import { words as routingWords } from './routing-words';

/** An office where a PEC may belong, with why. */
export interface Suggested {
  office: { id: string; name: string };
  reason: string;
}

/** The desk sorts by a dialog and keys of its own. */
const sorting: ReadonlySet<string> = new Set(['case SORT']);

/** What a case's PECs say, beside the list; on a phone, instead of it. */
export function Preview({ id, sort, sortTo, suggested = [], back, open }: {
  id: string;
  sort?: () => void;
  sortTo?: (to: Suggested) => void;
  suggested?: readonly Suggested[];
  back?: () => void;
  open?: () => void;
}) {
  const { t } = useSpeech();
  const { rows } = useHouse();
  const row = useRow(rows, id);
  const { data, error, refetch } = useCaseRead(id);
  useLooking(id, data?.mayDo.includes('LOOK') ?? false);
  const { sorter } = useRoles();
  const { state } = useLiveness();
  const deed = useDeed(id);
  const device = useWords(words);
  const routing = useWords(routingWords);
  const canSort = (data ? data.mayDo.includes('SORT') : sorter) && row?.status === 'TO_SORT' && !deed;
  return (
    <>
      <div className={css.actions}>
        {back && <Button className={css.back} variant="subtle" size="md" aria-label={t.list.back} title={t.list.back} onClick={back}><Icon name="arrowLeft" /></Button>}
        {deed ? <span className={css.status}>{deedSaid(deed, device)}</span> : row?.status === 'TO_SORT' && sort
          ? <Button size="md" leftSection={<Icon name="sort" />} disabled={!canSort} onClick={sort}>{t.desk.sort}</Button>
          : row && <span className={css.status}>{t.list.gone(t.statuses[row.status], row.office?.name ?? '')}</span>}
        {open && <Button className={css.open} variant="default" size="md" aria-label={t.message.openCase} title={t.message.openCase} onClick={open}><Icon name="file" /><span>{t.message.openCase}</span></Button>}
        {data && <span className={css.print}><PrintLink number={data.number} /></span>}
        {row && <CaseMenu id={id} number={row.number} except={sort && sorting} size="xl" />}
      </div>
      {canSort && sortTo && suggested.length > 0 && (
        <div className={css.suggested} role="group" aria-label={t.desk.suggested}>
          {suggested.map((s, i) => (
            <button key={s.office.id} type="button" onClick={() => sortTo(s)}>
              <kbd>{i + 1}</kbd> <b>{s.office.name}</b> <small>{s.reason}</small>
            </button>
          ))}
        </div>
      )}
      <div className={css.reading}>
        {row && data && <Notices row={row} claim={data.claim} mayClaim={data.mayDo.includes('CLAIM')} />}
        {error && <p role="alert">{state === 'lost' ? device.textNotKept : t.unreachable} <Button size="compact-sm" variant="default" onClick={() => void refetch()}>{t.tryAgain}</Button></p>}
        {data === null && <p role="status">{t.cases.notFound}</p>}
        {data && (
          <>
            <p className={css.why}>{data.number} · {t.message.why}: {routingSaid(data.routing, routing)}{data.rule && <> · <Link href={`/admin/rules?rule=${data.rule.id}`}>{t.message.rule}</Link></>}</p>
            {data.messages.nodes.filter(isMail).map((m) => <MessageView key={m.id} message={m} keep={!data.reserved} />)}
          </>
        )}
      </div>
    </>
  );
}
