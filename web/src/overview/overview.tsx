// How the work goes: what came, what was done, what waits and how long it took. Every
// figure leads to the cases that it counts.

import { Button, NativeSelect, TextInput } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link } from 'wouter';
import { ask } from '../api/ask';
import { OverviewDocument, type OverviewQuery } from '../generated/graphql';
import { useGently } from '../live/use-gently';
import { useAddress } from '../shell/address';
import { dayOf, startOfDay } from '../shell/days';
import { useOffices, useRoles, type Office } from '../shell/house';
import { Icon } from '../shell/icon';
import { Failed, Nothing, Waiting } from '../shell/states';
import { useTitle } from '../shell/title';
import { useSpeech, useWords } from '../words/words';
import { DayCharts, NowTable, OfficeCharts } from './figures';

import { took } from './hours';
import css from './overview.module.css';
import { lengths, listIn, listOf, periodOf, readOverviewSearch, type OverviewSearch, type Period } from './search';
import { words } from './words';

export type Shown = NonNullable<OverviewQuery['overview']>;

/** What is shown, of what. */
export interface Scope {
  period: Period;
  /** Id of the office; nothing for all. */
  office?: string;
}

/** Milliseconds after an event when figures are counted again. */
const pause = 5_000;

/** Of which offices the viewer may see how the work goes; and whether of all together. */
export function useOverseen(): { offices: readonly Office[]; whole: boolean } {
  const roles = useRoles();
  const offices = useOffices();
  const whole = roles.sorter || roles.auditor;
  return { offices: whole ? offices : roles.heads, whole };
}

export function Overview() {
  const w = useWords(words);
  useTitle(w.title);
  const [search, change] = useAddress(readOverviewSearch);
  const { offices, whole } = useOverseen();
  const today = dayOf(new Date());
  const { days, from, until } = search;
  const period = useMemo(() => periodOf({ days, from, until }, today), [days, from, until, today]);
  const office = search.office ?? (whole ? undefined : offices[0]?.id);
  const scope = useMemo(() => ({ period, office }), [period, office]);
  const key = ['overview', period.from, period.until, office ?? ''];
  useGently(key, pause, 'counts');
  const { data, error, refetch } = useQuery({
    queryKey: key,
    enabled: whole || office !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 0, // nobody heard what happened while it was not shown
    queryFn: async ({ signal }) => (await ask(OverviewDocument, {
      officeId: office ?? null, from: startOfDay(period.from).toISOString(), until: startOfDay(period.until, 1).toISOString(),
    }, signal)).overview,
  });
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1>{w.title}</h1>
        <Link href="/overview/wall" className={css.wallLink}><Icon name="board" /> {w.wall}</Link>
      </header>
      <Choosers search={search} period={period} office={office} change={(some) => change(some, { replace: true })} />
      {!whole && office === undefined ? <Nothing>{w.noOffice}</Nothing>
        : data === undefined ? (error ? <Failed again={() => void refetch()} /> : <Waiting />)
          : data === null ? <Nothing>{w.notYours}</Nothing>
            : (
              <>
                {error && <p role="alert" className={css.failed}><Icon name="warning" /> {w.failed}</p>}
                <Tiles shown={data} scope={scope} />
                <div className={css.charts}>
                  <DayCharts shown={data} scope={scope} />
                  <OfficeCharts shown={data} scope={scope} />
                </div>
                {!office && <NowTable shown={data} />}
              </>
            )}
    </div>
  );
}

function Choosers({ search, period, office, change }: { search: OverviewSearch; period: Period; office?: string; change(some: Partial<OverviewSearch>): void }) {
  const w = useWords(words);
  const { offices, whole } = useOverseen();
  return (
    <form className={css.choosers} onSubmit={(e) => e.preventDefault()}>
      <div role="group" aria-label={w.period} className={css.lengths}>
        {lengths.map((n) => (
          <Button key={n} size="sm" variant={period.length === n ? 'filled' : 'default'} aria-pressed={period.length === n} onClick={() => change({ days: n === '30' ? undefined : n, from: undefined, until: undefined })}>
            {n === '365' ? w.lastYear : w.lastDays(Number(n))}
          </Button>
        ))}
      </div>
      <TextInput type="date" label={w.from} required value={period.from} onChange={(e) => change({ days: undefined, from: e.currentTarget.value || search.from, until: period.until })} withAsterisk={false} />
      <TextInput type="date" label={w.until} required value={period.until} onChange={(e) => change({ days: undefined, from: period.from, until: e.currentTarget.value || search.until })} withAsterisk={false} />
      {(whole || offices.length > 1) && (
        <NativeSelect
          label={w.office}
          value={office ?? ''}
          data={[...(whole ? [{ value: '', label: w.wholeHouse }] : []), ...offices.map((o) => ({ value: o.id, label: o.name }))]}
          onChange={(e) => change({ office: e.currentTarget.value || undefined })}
        />
      )}
    </form>
  );
}

/** The figures that matter most, in large. */
function Tiles({ shown: { counts, figures }, scope: { period, office } }: { shown: Shown; scope: Scope }) {
  const { t, dates } = useSpeech();
  const w = useWords(words);
  const n = dates.number;
  return (
    <>
      <Group title={w.now}>
        {!office && <Tile name={t.statuses.TO_SORT} value={n(counts.toSort)} href={listOf({ status: 'TO_SORT' })} />}
        <Tile name={t.statuses.TO_ASSIGN} value={n(counts.toAssign)} href={listOf({ status: 'TO_ASSIGN', office })} />
        <Tile name={t.statuses.IN_PROGRESS} value={n(counts.inProgress)} href={listOf({ status: 'IN_PROGRESS', office })} />
        <Tile name={t.statuses.ANSWERING} value={n(counts.answering)} href={listOf({ status: 'ANSWERING', office })} />
        <Tile name={w.dueSoon} value={n(counts.dueSoon)} icon="clock" href={listOf({ status: 'open', urgency: 'DUE_SOON', office })} />
        <Tile name={w.overdue} value={n(counts.breached)} icon="warning" grave={counts.breached > 0} href={listOf({ status: 'open', urgency: 'BREACHED', office })} />
      </Group>
      <Group title={w.inPeriod}>
        <Tile name={w.arrived} value={n(figures.arrived)} href={listIn('arrived', period, office)} />
        <Tile name={w.closed} value={n(figures.closed)} href={listIn('closed', period, office)} />
        <Tile name={w.breached} value={n(figures.breached)} icon="warning" grave={figures.breached > 0} href={listIn('breached', period, office)} />
        <PaceTile name={w.toAssign} pace={figures.toAssign} href={listIn('assigned', period, office)} />
        <PaceTile name={w.toClose} pace={figures.toClose} href={listIn('closed', period, office)} />
      </Group>
    </>
  );
}

function Group({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className={css.group}>{title}</h2>
      <div className={css.tiles}>{children}</div>
    </section>
  );
}

function Tile({ name, value, icon, grave, href }: { name: string; value: string; icon?: 'clock' | 'warning'; grave?: boolean; href: string }) {
  return (
    <Link href={href} className={css.tile} data-grave={grave || undefined}>
      <span>{icon && <Icon name={icon} size={16} />} {name}</span>
      <b>{value}</b>
    </Link>
  );
}

function PaceTile({ name, pace: { count, medianHours, p90Hours }, href }: { name: string; pace: Shown['figures']['toAssign']; href: string }) {
  const { dates } = useSpeech();
  const w = useWords(words);
  return (
    <Link href={href} className={css.tile} data-pace>
      <span>{name}</span>
      <span><b>{took(medianHours, w, dates)}</b> {count > 0 && <small>{w.paceNote(took(p90Hours, w, dates), dates.number(count), count === 1)}</small>}</span>
    </Link>
  );
}
