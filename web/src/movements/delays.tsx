// Where cases are late, office by office; and what the desk can do about it: remind
// the office, or ask it what holds a case up.

import { Button } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { ask } from '../api/ask';
import { useCasework } from '../casework/casework';
import { CaseMenu } from '../casework/menu';
import { groups } from '../cases/search';
import { DelaysDocument, LateCasesDocument, type LateCasesQuery } from '../generated/graphql';
import { caseAddress, searchOf } from '../shell/address';
import { useHouse } from '../shell/house';
import { Icon } from '../shell/icon';
import { Nothing } from '../shell/states';
import { useSpeech, useWords } from '../words/words';
import css from './movements.module.css';
import { words } from './words';

type Late = LateCasesQuery['cases']['nodes'][number];

/** How many late cases are shown; the list of cases has them all. */
const most = 30;
const beside: ReadonlySet<string> = new Set(['case REMIND', 'case ASK']);

export function Delays({ office, choose }: { office?: string; choose(office: string | undefined): void }) {
  const { dates } = useSpeech();
  const w = useWords(words);
  const { data } = useQuery({ queryKey: ['counts', 'delays'], queryFn: async ({ signal }) => (await ask(DelaysDocument, {}, signal)).sortingBoard });
  const late = data?.byOffice.filter(({ counts }) => counts.breached + counts.dueSoon > 0)
    .toSorted((a, b) => b.counts.breached - a.counts.breached || b.counts.dueSoon - a.counts.dueSoon) ?? [];
  const lines = data ? [{ office: { id: '', name: w.allOffices }, counts: data.counts }, ...late] : [];
  return (
    <section className={css.delays} aria-labelledby="delays">
      <h2 id="delays">{w.delays}</h2>
      {data && late.length === 0 ? <Nothing>{w.noDelays}</Nothing> : (
        <>
          <ul className={css.offices} aria-label={w.offices}>
            {lines.map(({ office: { id, name }, counts }) => (
              <li key={id}>
                <button type="button" aria-pressed={(office ?? '') === id} onClick={() => choose(id || undefined)}>
                  <span>{name}</span>
                  {counts.dueSoon > 0 && <span data-tone="soon"><Icon name="clock" size={14} /> {w.soon(dates.number(counts.dueSoon))}</span>}
                  {counts.breached > 0 && <span data-tone="late"><Icon name="warning" size={14} /> {w.late(dates.number(counts.breached), counts.breached === 1)}</span>}
                </button>
              </li>
            ))}
          </ul>
          <LateCases office={office} />
        </>
      )}
    </section>
  );
}

function LateCases({ office }: { office?: string }) {
  const w = useWords(words);
  const { rows } = useHouse();
  const { data } = useQuery({
    queryKey: ['counts', 'late', office ?? ''],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const { cases } = await ask(LateCasesDocument, { first: most, filter: { statuses: [...groups.open], urgencies: ['BREACHED', 'DUE_SOON'], officeIds: office ? [office] : null } }, signal);
      cases.nodes.forEach(({ mayDo: _, inquiries: __, ...row }) => rows.put(row));
      return cases;
    },
  });
  if (!data || data.nodes.length === 0) {
    return null;
  }
  return (
    <>
      <h3>{w.cases}</h3>
      <ul className={css.late}>
        {data.nodes.map((c) => <LateCase key={c.id} late={c} />)}
      </ul>
      {data.pageInfo.hasNextPage && <Link href={`/cases${searchOf({ status: 'open', urgency: 'BREACHED', office, order: 'DUE_AT' })}`}>{w.all}</Link>}
    </>
  );
}

function LateCase({ late }: { late: Late }) {
  const { t, dates } = useSpeech();
  const w = useWords(words);
  const { begin } = useCasework();
  const [asked] = late.inquiries.nodes;
  return (
    <li>
      <p>
        <Link href={caseAddress(late.number)}>{late.number}</Link> {late.subject ?? ''}
        <small>
          {late.dueAt && (
            <span data-tone={late.urgency === 'BREACHED' ? 'late' : 'soon'}>
              <Icon name={late.urgency === 'BREACHED' ? 'warning' : 'clock'} size={14} /> {late.urgency === 'BREACHED' ? t.list.overdue(dates.day(late.dueAt)) : t.list.due(dates.day(late.dueAt))}
            </span>
          )}
          {' · '}{late.office?.name ?? t.places.desk} · {late.assignee ? w.withWhom(late.assignee.name) : t.statuses[late.status].toLowerCase()}
        </small>
        {asked && <small><Icon name="question" size={14} /> {w.asked[asked.kind][asked.answeredAt ? 'answered' : 'open'](dates.day(asked.askedAt))}</small>}
      </p>
      <span className={css.acts}>
        {late.mayDo.includes('REMIND') && <Button size="compact-sm" variant="default" aria-label={w.remindOf(late.number)} onClick={() => begin('REMIND', [late.id])}>{w.remind}</Button>}
        {late.mayDo.includes('ASK') && <Button size="compact-sm" variant="default" aria-label={w.askOf(late.number)} onClick={() => begin('ASK', [late.id])}>{w.ask}</Button>}
        <CaseMenu id={late.id} number={late.number} except={beside} size="md" />
      </span>
    </li>
  );
}
