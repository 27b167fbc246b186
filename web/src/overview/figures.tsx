// The charts of the overview, each with its table.

import { useSpeech, useWords } from '../words/words';
import { startOfDay } from '../shell/days';
import { searchOf } from '../shell/address';
import { ChartCard } from './chart-card';
import { FigureTable, type Cell } from './figure-table';
import { took } from './hours';
import { OfficeBars } from './office-bars';
import css from './overview.module.css';
import type { Scope, Shown } from './overview';
import { listIn, listOf } from './search';
import { slotsOf, type Slot } from './slots';
import { TimeChart, when, type Series } from './time-chart';
import { words } from './words';

/** Where the figures are to be had for a spreadsheet. */
function csvOf({ period, office }: Scope, by: 'day' | 'office'): string {
  return `/api/v1/overview.csv${searchOf({ from: startOfDay(period.from).toISOString(), until: startOfDay(period.until, 1).toISOString(), office, by })}`;
}

export function DayCharts({ shown, scope }: { shown: Shown; scope: Scope }) {
  const { dates } = useSpeech();
  const w = useWords(words);
  const { office } = scope;
  const slots = slotsOf(shown.days);
  const flow: Series[] = [
    { name: w.arrived, of: (s) => s.arrived, href: (s) => listIn('arrived', s, office) },
    { name: w.closed, of: (s) => s.closed, href: (s) => listIn('closed', s, office) },
  ];
  const open: Series[] = [{ name: w.open, of: (s) => s.open, href: (s) => listOf({ status: 'unmerged', office, openOn: s.until }) }];
  const tableOf = (caption: string, series: readonly Series[]) => (
    <FigureTable
      caption={caption}
      columns={[slots.some((s) => s.from !== s.until) ? w.week : w.day, ...series.map((s) => s.name)]}
      rows={slots.toReversed().map((slot: Slot) => ({
        id: slot.from, name: when(slot, dates.day, w.ofWeek), cells: series.map((s) => ({ text: dates.number(s.of(slot)), href: s.href(slot) })),
      }))}
    />
  );
  return (
    <>
      <ChartCard title={w.flow} csv={csvOf(scope, 'day')} chart={<TimeChart label={w.flow} slots={slots} series={flow} />} table={tableOf(w.flow, flow)} />
      <ChartCard title={w.backlog} told={w.backlogTold} csv={csvOf(scope, 'day')} chart={<TimeChart label={w.backlog} slots={slots} series={open} line />} table={tableOf(w.backlog, open)} />
    </>
  );
}

export function OfficeCharts({ shown, scope }: { shown: Shown; scope: Scope }) {
  const { dates } = useSpeech();
  const w = useWords(words);
  const { period } = scope;
  const paces = [
    { title: w.toAssign, of: 'toAssign', counted: 'assigned', name: w.assigned },
    { title: w.toClose, of: 'toClose', counted: 'closed', name: w.closed },
  ] as const;
  const long = (hours: number | null): string => took(hours, w, dates);
  const withPaces = shown.offices.filter((o) => o.figures.toAssign.count > 0 || o.figures.toClose.count > 0);
  const late = shown.offices.filter((o) => o.figures.breached > 0);
  return (
    <>
      <ChartCard
        title={w.paces}
        told={w.pacesTold}
        csv={csvOf(scope, 'office')}
        chart={paces.map((p) => (
          <section key={p.of} className={css.pace}>
            <h3>{p.title}</h3>
            <OfficeBars
              label={p.title}
              empty={w.nothing}
              bars={shown.offices.filter((o) => o.figures[p.of].count > 0).map(({ office, figures }) => ({
                id: office.id, name: office.name, value: figures[p.of].medianHours ?? 0, beyond: figures[p.of].p90Hours ?? 0,
                text: long(figures[p.of].medianHours), href: listIn(p.counted, period, office.id),
              }))}
            />
          </section>
        ))}
        table={(
          <FigureTable
            caption={w.paces}
            columns={[w.office, ...paces.flatMap((p) => [p.name, `${p.title}: ${w.median}`, `${p.title}: ${w.p90}`])]}
            rows={withPaces.map(({ office, figures }) => ({
              id: office.id,
              name: office.name,
              cells: paces.flatMap((p): Cell[] => [
                { text: dates.number(figures[p.of].count), href: listIn(p.counted, period, office.id) },
                { text: long(figures[p.of].medianHours) },
                { text: long(figures[p.of].p90Hours) },
              ]),
            }))}
          />
        )}
      />
      <ChartCard
        title={w.delays}
        told={w.delaysTold}
        csv={csvOf(scope, 'office')}
        chart={(
          <OfficeBars
            label={w.delays}
            empty={w.nothing}
            bars={late.map(({ office, figures }) => ({
              id: office.id, name: office.name, value: figures.breached, text: dates.number(figures.breached), href: listIn('breached', period, office.id),
            }))}
          />
        )}
        table={(
          <FigureTable
            caption={w.delays}
            columns={[w.office, w.breached]}
            rows={late.map(({ office, figures }) => ({ id: office.id, name: office.name, cells: [{ text: dates.number(figures.breached), href: listIn('breached', period, office.id) }] }))}
          />
        )}
      />
    </>
  );
}

/** How much stands with each office now. */
export function NowTable({ shown }: { shown: Shown }) {
  const { t, dates } = useSpeech();
  const w = useWords(words);
  return (
    <section aria-labelledby="now-by-office">
      <h2 id="now-by-office" className={css.group}>{w.byOffice}</h2>
      <FigureTable
        caption={w.byOffice}
        columns={[w.office, t.statuses.TO_ASSIGN, t.statuses.IN_PROGRESS, t.statuses.ANSWERING, w.dueSoon, w.overdue]}
        rows={shown.offices.map(({ office: { id: office, name }, counts }) => ({
          id: office,
          name,
          cells: [
            { text: dates.number(counts.toAssign), href: listOf({ status: 'TO_ASSIGN', office }) },
            { text: dates.number(counts.inProgress), href: listOf({ status: 'IN_PROGRESS', office }) },
            { text: dates.number(counts.answering), href: listOf({ status: 'ANSWERING', office }) },
            { text: dates.number(counts.dueSoon), href: listOf({ status: 'open', urgency: 'DUE_SOON', office }) },
            { text: dates.number(counts.breached), href: listOf({ status: 'open', urgency: 'BREACHED', office }) },
          ],
        }))}
      />
    </section>
  );
}
