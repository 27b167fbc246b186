// The head of a case's page: what it is, where it stands, until when, and with whom.

import { ActionIcon } from '@mantine/core';
import { Link } from 'wouter';
import type { ReactNode } from 'react';
import { words as casework } from '../casework/words';
import type { Row } from '../live/rows';
import { caseAddress } from '../shell/address';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import { dayOf, workingDays } from '../shell/days';
import type { Folder } from './folder';
import { useFreeDays } from './free-days';
import css from './head.module.css';
import { Notices } from './notices';
import type { CaseRead } from './read';
import { routingSaid } from './routing';
import { words as routingWords } from './routing-words';
import { nextTerm } from './terms';
import { statusIcons, words } from './words';

export function Head({ row, data, folder, place, back, previous, next, children }: {
  row: Row;
  data: CaseRead;
  folder: Folder | null | undefined;
  /** Where it stands in the list that the person came from. */
  place: string;
  back: () => void;
  previous?: () => void;
  next?: () => void;
  children: ReactNode;
}) {
  const { t, dates } = useSpeech();
  const w = useWords(words);
  const c = useWords(casework);
  const why = routingSaid(row.routing, useWords(routingWords));
  return (
    <header className={css.head}>
      <div className={css.line}>
        <ActionIcon size="lg" variant="subtle" color="gray" aria-label={w.back} title={w.back} onClick={back}><Icon name="arrowLeft" /></ActionIcon>
        <span className={css.number}>{w.number(row.number)}</span>
        <span className={css.status} data-status={row.status}><Icon name={statusIcons[row.status]} size={16} /> {t.statuses[row.status]}</span>
        {row.priority !== 'NORMAL' && <span className={css.priority} data-high={row.priority !== 'LOW' || undefined}><Icon name="star" size={16} /> {w.priority(c.priorities[row.priority])}</span>}
        {row.reserved && <span className={css.status}><Icon name="lock" size={16} /> {w.reserved}</span>}
        <Notices row={row} claim={data.claim} mayClaim={data.mayDo.includes('CLAIM')} />
        {(previous || next) && (
          <nav className={css.beside} aria-label={place}>
            <ActionIcon size="lg" variant="default" aria-label={w.previous} title={`${w.previous} (k)`} disabled={!previous} onClick={previous}><Icon name="chevronLeft" /></ActionIcon>
            <span>{place}</span>
            <ActionIcon size="lg" variant="default" aria-label={w.next} title={`${w.next} (j)`} disabled={!next} onClick={next}><Icon name="chevronRight" /></ActionIcon>
          </nav>
        )}
      </div>
      <h1 className={css.subject}>{row.subject === null ? t.hidden : row.subject || t.noSubject}</h1>
      <dl className={css.facts}>
        {row.senderAddress !== null && <Fact name={t.message.from} repeated>{row.senderName || row.senderAddress}{row.senderName && <small> {row.senderAddress}</small>}</Fact>}
        <Fact name={w.received} repeated={row.readable}><time dateTime={row.receivedAt} title={dates.exact(row.receivedAt)}>{dates.moment(row.receivedAt)}</time>{data.mailbox && <small> {data.mailbox.address}</small>}</Fact>
        <Fact name={w.office}>{row.office?.name ?? w.atDesk}</Fact>
        {row.office && <Fact name={w.assignee}>{row.assignee?.name ?? w.nobody}{row.onBehalfOf && <small> {w.onBehalf(row.onBehalfOf.name)}</small>}</Fact>}
        <Due row={row} folder={folder} />
        {row.outcome && <Fact name={w.outcome}>{c.outcomes[row.outcome]}{folder?.closedAt && <small> {w.closedAt(dates.moment(folder.closedAt))}</small>}</Fact>}
        {data.informedOffices.length > 0 && <Fact name={w.informed}>{data.informedOffices.map((o) => o.name).join(', ')}</Fact>}
        {folder?.mergedInto && <Fact name={w.mergedInto}><Link href={caseAddress(folder.mergedInto.number)}>{folder.mergedInto.number}</Link></Fact>}
        {why !== '' && <Fact name={w.why}>{why}{data.rule && <> · <Link href={`/admin/rules?rule=${data.rule.id}`}>{t.message.rule}</Link></>}</Fact>}
      </dl>
      {children}
    </header>
  );
}

/** On a phone, what the message below says again is left out. */
function Fact({ name, repeated, children }: { name: string; repeated?: boolean; children: ReactNode }) {
  return (
    <div data-repeated={repeated || undefined}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Until when, as a date that is always there, with what is left of it. */
function Due({ row, folder }: { row: Row; folder: Folder | null | undefined }) {
  const { dates } = useSpeech();
  const w = useWords(words);
  const free = useFreeDays(row.office?.id);
  const term = nextTerm(folder?.terms ?? []);
  if (row.status === 'CLOSED' || row.status === 'MERGED' || !term) {
    return null;
  }
  if (!term.dueAt) {
    return <Fact name={w.terms.kinds[term.kind]}><span className={css.due}><Icon name="clock" size={16} /> {w.standing}</span></Fact>;
  }
  const late = row.urgency === 'BREACHED' || term.breachedAt !== null;
  const hours = term.amount.includes('hour');
  const left = late ? 0 : workingDays(dayOf(new Date()), dayOf(term.dueAt), free);
  return (
    <Fact name={late ? w.terms.kinds[term.kind] : w.due[term.kind]}>
      <span className={css.due} data-urgency={row.urgency} title={dates.exact(term.dueAt)}>
        <Icon name={late ? 'warning' : 'clock'} size={16} />
        {late ? w.breached(dates.day(term.dueAt)) : hours ? dates.moment(term.dueAt) : dates.day(term.dueAt)}
      </span>
      {!late && <small>{left === 0 ? w.today : w.left(left)}</small>}
    </Fact>
  );
}
