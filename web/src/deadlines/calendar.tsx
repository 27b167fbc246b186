// The days of a year on which nobody works: a table for each month, from Monday to Sunday.

import { ActionIcon, NativeSelect, VisuallyHidden } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Unanswered } from '../admin/parts';
import { ask } from '../api/ask';
import { CalendarDocument } from '../generated/graphql';
import { dayOf } from '../shell/days';
import { useOffices } from '../shell/house';
import { Icon } from '../shell/icon';
import { Waiting } from '../shell/states';
import { useSpeech, useWords } from '../words/words';
import { weeksOf } from './amount';
import css from './deadlines.module.css';
import type { Place } from './deadlines';
import { words } from './words';

const [firstYear, lastYear] = [1950, 2200];

export function Calendar({ place, go }: { place: Place; go(some: Partial<Place>, how: { replace: boolean }): void }) {
  const w = useWords(words);
  const offices = useOffices();
  const today = dayOf(new Date());
  const asked = Number(place.year);
  const year = Number.isInteger(asked) && asked >= firstYear && asked <= lastYear ? asked : Number(today.slice(0, 4));
  const { data, error, refetch } = useQuery({
    queryKey: ['deadlines', 'calendar', year, place.office],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => (await ask(CalendarDocument, { year, officeId: place.office ?? null }, signal)).houseCalendar,
  });
  const named = useMemo(() => new Map(data?.map((h) => [h.date, h.name])), [data]);
  const years = Array.from({ length: 21 }, (_, i) => year - 10 + i).filter((y) => y >= firstYear && y <= lastYear);
  const turn = (to: number): void => go({ year: String(to) }, { replace: true });
  return (
    <section aria-labelledby="calendar">
      <h2 id="calendar">{w.calendar.title} {year}</h2>
      <p className={css.quiet}>{w.calendar.told}</p>
      <div className={css.asked}>
        <div className={css.year}>
          <ActionIcon variant="default" size="lg" aria-label={w.calendar.previous} title={w.calendar.previous} disabled={year <= firstYear} onClick={() => turn(year - 1)}><Icon name="arrowLeft" /></ActionIcon>
          <NativeSelect aria-label={w.calendar.year} value={year} data={years.map(String)} onChange={(e) => turn(Number(e.currentTarget.value))} />
          <ActionIcon variant="default" size="lg" aria-label={w.calendar.next} title={w.calendar.next} disabled={year >= lastYear} onClick={() => turn(year + 1)}><Icon name="arrowRight" /></ActionIcon>
        </div>
        <NativeSelect
          aria-label={w.of} value={place.office ?? ''}
          data={[{ value: '', label: w.house }, ...offices.map((o) => ({ value: o.id, label: o.name }))]}
          onChange={(e) => go({ office: e.currentTarget.value || undefined }, { replace: true })}
        />
        {data && <span className={css.quiet} role="status">{w.calendar.free(data.length)}</span>}
      </div>
      {error ? <Unanswered again={() => void refetch()} /> : !data ? <Waiting /> : (
        <div className={css.months}>
          {Array.from({ length: 12 }, (_, month) => <Month key={month} year={year} month={month} named={named} today={today} />)}
        </div>
      )}
    </section>
  );
}

function Month({ year, month, named, today }: { year: number; month: number; named: ReadonlyMap<string, string>; today: string }) {
  const w = useWords(words);
  const { language } = useSpeech();
  const name = new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' }).format(Date.UTC(year, month, 1));
  const weekdays = Array.from({ length: 7 }, (_, i) => Date.UTC(2024, 0, 1 + i)); // a Monday
  const short = new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' });
  const long = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' });
  const dateOf = (day: number): string => `${year}-${String(month + 1).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  const free = [...named].filter(([date]) => date.startsWith(dateOf(1).slice(0, 7)));
  return (
    <div className={css.month}>
      <table>
        <caption>{name}</caption>
        <thead>
          <tr>{weekdays.map((d) => <th key={d} scope="col" abbr={long.format(d)}>{short.format(d)}</th>)}</tr>
        </thead>
        <tbody>
          {weeksOf(year, month).map((week, i) => (
            <tr key={i}>
              {week.map((day, weekday) => {
                if (day === null) {
                  return <td key={weekday} />;
                }
                const holiday = named.get(dateOf(day));
                const isToday = dateOf(day) === today;
                return (
                  <td key={weekday} data-holiday={holiday !== undefined || undefined} data-weekend={weekday > 4 || undefined} data-today={isToday || undefined} title={holiday}>
                    {day}
                    {(holiday !== undefined || isToday) && <VisuallyHidden> {[holiday, isToday && w.calendar.today].filter(Boolean).join(', ')}</VisuallyHidden>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <ul>{free.map(([date, what]) => <li key={date}><b>{Number(date.slice(8))}</b> {what}</li>)}</ul>
    </div>
  );
}
