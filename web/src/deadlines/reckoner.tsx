// Reckons when a term would end: each day with the reason why it does not count, and
// who would be reminded on the way.

import { NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Table } from '../admin/table';
import { whyOf } from '../admin/saving';
import { ask } from '../api/ask';
import { DeadlinePreviewDocument, QuietHoursDocument, type DeadlinePreviewQuery } from '../generated/graphql';
import { dayIn, dayOf } from '../shell/days';
import { useOffices } from '../shell/house';
import { Icon, type IconName } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import { momentOf, most, readAmount, units, writeAmount, type Unit } from './amount';
import css from './deadlines.module.css';
import type { Place } from './deadlines';
import { words } from './words';

type Preview = DeadlinePreviewQuery['deadlinePreview'];

/** Milliseconds after the last key before a term is reckoned. */
const pause = 250;

export function Reckoner({ place, go }: { place: Place; go(some: Partial<Place>, how: { replace: boolean }): void }) {
  const w = useWords(words);
  const { t, dates } = useSpeech();
  const offices = useOffices();
  const [now] = useState(() => new Date());
  const [day, time] = [place.day ?? dayOf(now), place.time ?? dates.clock(now)];
  const known = readAmount(place.amount ?? '30 days');
  const [length, setLength] = useState(String(known?.n ?? 30));
  const [asked, setAsked] = useState(place.amount);
  if (asked !== place.amount) { // by the address, or a deadline of the list
    setAsked(place.amount);
    setLength(String(known?.n ?? length));
  }
  const unit = known?.unit ?? 'days';
  const wrong = known === null || known.n < 1 || known.n > most[unit] ? w.reckoner.wrong(most[unit]) : '';
  const isDay = dayIn(day) !== undefined && /^\d{2}:\d{2}$/.test(time) && Number(day.slice(0, 4)) >= 1950 && Number(day.slice(0, 4)) <= 2200;
  const change = (some: Partial<Place>): void => go(some, { replace: true });
  const measure = (n: string, of: Unit): void => {
    setLength(n);
    const amount = /^\d{1,5}$/.test(n) ? writeAmount({ n: Number(n), unit: of }) : n;
    setAsked(amount);
    change({ amount });
  };
  const question = { start: isDay ? momentOf(day, time).toISOString() : '', amount: known ? writeAmount(known) : '', officeId: place.office ?? null };
  const [settled] = useDebouncedValue(JSON.stringify(question), pause);
  const possible = isDay && wrong === '';
  const { data, error } = useQuery({
    queryKey: ['deadlines', 'preview', settled],
    enabled: possible && settled === JSON.stringify(question),
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const what = JSON.parse(settled) as typeof question;
      return { ...what, preview: (await ask(DeadlinePreviewDocument, what, signal)).deadlinePreview };
    },
  });
  const reckoned = data && readAmount(data.amount);
  return (
    <section aria-labelledby="reckoner">
      <h2 id="reckoner">{w.reckoner.title}</h2>
      <form className={css.asked} onSubmit={(e) => e.preventDefault()}>
        <TextInput id="reckoner-day" type="date" label={w.reckoner.from} value={day} error={isDay ? undefined : w.reckoner.wrongDay} onChange={(e) => change({ day: e.currentTarget.value })} />
        <TextInput type="time" label={w.reckoner.at} value={time} onChange={(e) => change({ time: e.currentTarget.value })} />
        <TextInput className={css.length} inputMode="numeric" label={w.reckoner.length} value={length} error={wrong || undefined} onChange={(e) => measure(e.currentTarget.value.trim(), unit)} />
        <NativeSelect label={w.reckoner.unit} value={unit} data={units.map((u) => ({ value: u, label: w.units[u] }))} onChange={(e) => measure(length, e.currentTarget.value as Unit)} />
        <NativeSelect
          label={w.of} value={place.office ?? ''}
          data={[{ value: '', label: w.house }, ...offices.map((o) => ({ value: o.id, label: o.name }))]}
          onChange={(e) => change({ office: e.currentTarget.value || undefined })}
        />
      </form>
      <div role="status">
        {possible && data && reckoned && (
          <p className={css.result}>
            {data.preview.dueAt ? w.reckoner.result(w.amount(reckoned), dates.moment(data.start), dates.moment(data.preview.dueAt)) : w.reckoner.never}
          </p>
        )}
      </div>
      {error && <p className={css.wrong} role="alert"><Icon name="alert" /> {whyOf(error, t)}</p>}
      {possible && data && (
        <div className={css.found}>
          <Days preview={data.preview} />
          <div>
            <Ladder reminders={data.preview.reminders} />
            <h3>{w.reckoner.how}</h3>
            <ul className={css.rules}>{w.reckoner.rules.map((r) => <li key={r}>{r}</li>)}</ul>
          </div>
        </div>
      )}
    </section>
  );
}

const icons: Readonly<Record<string, IconName>> = { start: 'arrowRight', counted: 'check', skipped: 'close', suspended: 'clock', moved: 'arrowRight', due: 'calendar' };

function Days({ preview }: { preview: Preview }) {
  const w = useWords(words);
  const [whole, setWhole] = useState(false);
  const skipped = preview.lines.filter((l) => l.kind !== 'counted' && l.kind !== 'start' && l.kind !== 'due');
  const shown = whole ? preview.lines : skipped;
  return (
    <div>
      <div className={css.head}>
        <h3>{w.reckoner.days}</h3>
        <span className={css.quiet}>{skipped.length > 0 ? w.reckoner.skipped(skipped.length) : w.reckoner.skippedNone}</span>
        <NativeSelect
          aria-label={w.reckoner.which} value={whole ? 'all' : 'skipped'}
          data={[{ value: 'skipped', label: w.reckoner.onlySkipped }, { value: 'all', label: w.reckoner.all }]}
          onChange={(e) => setWhole(e.currentTarget.value === 'all')}
        />
      </div>
      {preview.lines.length >= 400 && <p className={css.quiet}>{w.reckoner.newest}</p>}
      {shown.length > 0 && (
        <div className={css.days} tabIndex={0} role="group" aria-label={w.reckoner.days}>
          <Table
            label={w.reckoner.days}
            rows={shown}
            keyOf={(l) => `${l.date} ${l.kind}`}
            columns={[
              { title: w.reckoner.date, cell: (l) => l.text.slice(0, l.text.indexOf(': ')) },
              { title: w.reckoner.what, cell: (l) => <span className={css.kind} data-kind={l.kind}><Icon name={icons[l.kind] ?? 'check'} size={14} /> {l.text.slice(l.text.indexOf(': ') + 2)}</span> },
              { title: w.reckoner.count, cell: (l) => l.days, isNumber: true },
            ]}
          />
        </div>
      )}
    </div>
  );
}

function Ladder({ reminders }: { reminders: Preview['reminders'] }) {
  const w = useWords(words);
  const { dates } = useSpeech();
  const { data: quiet } = useQuery({ queryKey: ['viewer', 'quiet'], queryFn: async ({ signal }) => (await ask(QuietHoursDocument, {}, signal)).viewer.preferences });
  return (
    <>
      <h3>{w.ladder.title}</h3>
      <p className={css.quiet}>{w.ladder.told}</p>
      {reminders.length === 0 ? <p>{w.ladder.none}</p> : (
        <ol className={css.ladder}>
          {reminders.map((r) => {
            const every = r.every == null ? null : readAmount(r.every);
            return (
              <li key={r.at}>
                <time dateTime={r.at} title={dates.exact(r.at)}>{dates.moment(r.at)}</time>
                <span>{r.to.map((to) => w.ladder.to[to] ?? to).join(', ')}{every && `; ${w.ladder.every(w.amount(every))}`}</span>
              </li>
            );
          })}
        </ol>
      )}
      {quiet && <p className={css.quiet}><Icon name="clock" size={14} /> {w.ladder.quiet(quiet.quietFrom, quiet.quietUntil)}</p>}
    </>
  );
}
