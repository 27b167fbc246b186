// Closures and patron saints' days: a list, and for administrators the forms.

import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Unanswered } from '../admin/parts';
import { Table } from '../admin/table';
import { ask } from '../api/ask';
import { DaysOffDocument, type SettingOrigin } from '../generated/graphql';
import { dayOf } from '../shell/days';
import { useRoles } from '../shell/house';
import { Waiting } from '../shell/states';
import { useSpeech, useWords } from '../words/words';
import { ClosureForm } from './closure-form';
import css from './deadlines.module.css';
import { inOrder, useCommandsOfCalendar, type Closure, type Patron } from './kept';
import { PatronForm } from './patron-form';
import { Keeper, Verbs } from './verbs';
import { words } from './words';

/** A day of the year, in words. */
export function dayInWords(day: string, language: string): string {
  const at = Date.UTC(2024, Number(day.slice(0, 2)) - 1, Number(day.slice(3)));
  return new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(at);
}

interface Row {
  key: string;
  what: string;
  when: string;
  whose: string;
  origin: SettingOrigin;
  holds: boolean;
  edit?: () => void;
  remove?: () => void;
}

export function DaysOff() {
  const w = useWords(words);
  const { language, dates } = useSpeech();
  const { administrator } = useRoles();
  const { data, error, refetch } = useQuery({ queryKey: ['deadlines', 'days off'], queryFn: ({ signal }) => ask(DaysOffDocument, {}, signal) });
  const { removeClosure, removePatron } = useCommandsOfCalendar();
  const [closure, setClosure] = useState<{ id: string | undefined } | null>(null);
  const [patron, setPatron] = useState<{ officeId: string } | null>(null);
  const add = useRef<HTMLButtonElement>(null);
  const thenAdd = (done: boolean): void => {
    if (done) {
      add.current?.focus(); // its own button is gone
    }
  };
  const whose = (thing: Closure | Patron): string => thing.office?.name ?? w.house;
  const ofClosure = (c: Closure, i: number): Row => ({
    key: c.id ?? `${i}`, what: c.name || w.daysOff.unnamed, when: w.daysOff.span(dates.day(c.from), dates.day(c.to)), whose: whose(c), origin: c.origin, holds: true,
    edit: c.id == null ? undefined : () => setClosure({ id: c.id! }),
    remove: c.id == null ? undefined : () => void removeClosure(c, w.daysOff.removed(c.name)).then(thenAdd),
  });
  const ofPatron = (p: Patron): Row => ({
    key: `patron ${p.office?.id} ${p.origin}`, what: w.daysOff.patron, when: w.daysOff.everyYear(dayInWords(p.day, language)), whose: whose(p), origin: p.origin, holds: p.holds,
    edit: p.holds ? () => setPatron({ officeId: p.office?.id ?? '' }) : undefined,
    remove: p.origin === 'PEOPLE' ? () => void removePatron(p, w.daysOff.patronRemoved).then(thenAdd) : undefined,
  });
  const rows = data ? [...data.patrons.map(ofPatron), ...inOrder(data.closures, dayOf(new Date())).map(ofClosure)] : [];
  return (
    <section aria-labelledby="days-off">
      <div className={css.heading}>
        <h2 id="days-off">{w.daysOff.title}</h2>
        {administrator && (
          <span className={css.verbs}>
            <Button ref={add} size="compact-md" variant="default" onClick={() => setClosure({ id: undefined })}>{w.daysOff.add}</Button>
            <Button size="compact-md" variant="default" onClick={() => setPatron({ officeId: '' })}>{w.daysOff.setPatron}</Button>
          </span>
        )}
      </div>
      <p className={css.quiet}>{w.daysOff.told} {w.kept.later}</p>
      {error ? <Unanswered again={() => void refetch()} /> : !data ? <Waiting /> : rows.length === 0 ? <p>{w.daysOff.none}</p> : (
        <Table
          label={w.daysOff.title}
          rows={rows}
          keyOf={(r) => r.key}
          columns={[
            { title: w.daysOff.what, cell: (r) => <b className={r.holds ? undefined : css.replaced}>{r.what}</b> },
            { title: w.daysOff.when, cell: (r) => r.when },
            { title: w.daysOff.whose, cell: (r) => r.whose },
            { title: w.kept.by, cell: (r) => <Keeper origin={r.origin} holds={r.holds} /> },
            ...(administrator ? [{ title: w.kept.actions, isVerb: true, cell: (r: Row) => <Verbs name={w.daysOff.nameOf(r.what, r.when, r.whose)} edit={r.edit} remove={r.remove} /> }] : []),
          ]}
        />
      )}
      {closure && data && <ClosureForm closure={data.closures.find((c) => c.id === closure.id && closure.id !== undefined)} close={() => setClosure(null)} />}
      {patron && data && <PatronForm officeId={patron.officeId} all={data.patrons} close={() => setPatron(null)} />}
    </section>
  );
}
