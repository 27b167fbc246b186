// The office's board, for its head and deputy: what is to be assigned, who works on
// what, what is awaited and what is late.

import { Button, NativeSelect, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useCallback, useMemo } from 'react';
import { useLocation } from 'wouter';
import { useFreeDays } from '../cases/free-days';
import type { Stage } from '../cases/work';
import { useColleagues } from '../casework/people';
import { useAddress } from '../shell/address';
import { useCommands } from '../shell/commands';
import { useOffices, useRoles, type Office } from '../shell/house';
import { Icon } from '../shell/icon';
import type { Command } from '../shell/keys';
import { lazy } from '../shell/lazily';
import { useNow } from '../shell/now';
import { Nothing, Waiting } from '../shell/states';
import { useTitle } from '../shell/title';
import { useSpeech, useWords } from '../words/words';
import css from './board.module.css';
import { byPerson, byStage, isWanted, loads, nobody } from './columns';
import { ColumnsView, type Heading } from './columns-view';
import { Filters } from './filters';
import { LoadStrip } from './load';
import { mayAssign, useAssigning, usePersonMoving, useStageMoving } from './moving';
import { most, useOfficeCases } from './office-cases';
import { readBoardSearch, views, type BoardSearch, type View } from './search';
import { useToApprove } from './to-approve';
import { words } from './words';

const Absences = lazy(() => import('./absences').then((m) => ({ default: m.Absences })));
const Approvals = lazy(() => import('./approvals').then((m) => ({ default: m.Approvals })));
const BoardList = lazy(() => import('./board-list').then((m) => ({ default: m.BoardList })));

export function Board({ code }: { code: string }) {
  const w = useWords(words);
  const offices = useOffices();
  const office = offices.find((o) => o.code === code);
  if (offices.length === 0) {
    return <Waiting />;
  }
  return office ? <OfficeBoard key={office.id} office={office} /> : <Nothing>{w.noOffice}</Nothing>;
}

function OfficeBoard({ office }: { office: Office }) {
  const { t } = useSpeech();
  const w = useWords(words);
  const [search, change] = useAddress(readBoardSearch);
  const view = search.view ?? 'columns';
  const waiting = useToApprove();
  useTitle(w.title(office.name));
  const narrow = useCallback((some: Partial<BoardSearch>) => change(some, { replace: true }), [change]);
  useCommands(useMemo<Command[]>(() => views.map((v, i) => ({
    id: `view ${v}`, title: w.views[v], group: t.groups.list, keys: `g ${i + 1}`, run: () => change({ view: v, read: undefined }),
  })), [w, t, change]));
  return (
    <div className={css.board}>
      <VisuallyHidden component="h1">{w.title(office.name)}</VisuallyHidden>
      <Views office={office} view={view} counts={{ approvals: waiting.data?.length }} choose={(v) => change({ view: v, read: undefined })} />
      {view === 'approvals' ? <Approvals office={office} search={search} change={change} />
        : view === 'absences' ? <Absences office={office} />
        : view === 'list' ? <BoardList office={office} search={search} narrow={narrow} change={change} />
        : <Cards office={office} search={search} narrow={narrow} />}
    </div>
  );
}

/** Which view, of which office. */
function Views({ office, view, counts, choose }: { office: Office; view: View; counts: Partial<Record<View, number>>; choose(view: View): void }) {
  const w = useWords(words);
  const { heads } = useRoles();
  const [, navigate] = useLocation();
  const isNarrow = useMediaQuery('(max-width: 60em)') ?? false;
  const title = (v: View): string => (counts[v] ? w.counted(w.views[v], counts[v]) : w.views[v]);
  const offices = heads.some((o) => o.id === office.id) ? heads : [office, ...heads];
  return (
    <div className={css.views}>
      {offices.length > 1
        ? <NativeSelect aria-label={w.otherOffice} value={office.code} data={offices.map((o) => ({ value: o.code, label: o.name }))} onChange={(e) => navigate(`/offices/${e.currentTarget.value}`)} />
        : <b className={css.office}>{office.name}</b>}
      {isNarrow ? (
        <NativeSelect size="md" aria-label={w.viewsLabel} value={view} data={views.map((v) => ({ value: v, label: title(v) }))} onChange={(e) => choose(e.currentTarget.value as View)} />
      ) : (
        <nav aria-label={w.viewsLabel}>
          {views.map((v) => <button key={v} type="button" aria-current={v === view ? 'true' : undefined} data-urgent={v === 'approvals' && counts[v] ? true : undefined} onClick={() => choose(v)}>{title(v)}</button>)}
        </nav>
      )}
    </div>
  );
}

function Cards({ office, search, narrow }: { office: Office; search: BoardSearch; narrow(change: Partial<BoardSearch>): void }) {
  const { t } = useSpeech();
  const w = useWords(words);
  const now = useNow();
  const cases = useOfficeCases(office.id, now);
  const { rows, work } = cases;
  const people = useColleagues(office.id);
  const free = useFreeDays(office.id);
  const isNarrow = useMediaQuery('(max-width: 60em)') ?? false;
  const isByPerson = search.view === 'people';
  const wanted = useMemo(() => rows.filter((r) => isWanted(r, work.get(r.id), search)), [rows, work, search]);
  const colleagues = useMemo(() => [...people?.colleagues ?? []].sort((a, b) => a.name.localeCompare(b.name)), [people]);
  const shownPeople = useMemo(() => colleagues.filter((c) => search.person === undefined || c.id === search.person), [colleagues, search.person]);
  const columns = useMemo(() => (isByPerson ? byPerson(wanted, shownPeople) : byStage(wanted, work)), [isByPerson, wanted, shownPeople, work]);
  const order = useMemo(() => columns.map((c) => c.id), [columns]);
  const load = useMemo(() => loads(rows, now), [rows, now]);
  const asked = useMemo(() => rows.filter((r) => r.status !== 'CLOSED' && (work.get(r.id)?.open.length ?? 0) > 0).length, [rows, work]);
  const assign = useAssigning(people);
  const byStages = useStageMoving(work);
  const byPeople = usePersonMoving(work, order, assign);
  const names = useMemo(() => new Map([...colleagues, ...rows.flatMap((r) => (r.assignee ? [r.assignee] : []))].map((p) => [p.id, p.name])), [colleagues, rows]);
  const heading = useCallback((id: string): Heading => (isByPerson
    ? { title: id === nobody ? w.nobody : names.get(id) ?? t.someone, note: '', empty: w.emptyPerson }
    : { title: w.columns[id as Stage], note: w.columnNotes[id as Stage], empty: w.empty[id as Stage] }), [isByPerson, names, w, t]);
  const tools = (
    <div className={css.tools}>
      <Filters search={search} narrow={narrow} people={colleagues} asked={asked} />
      <LoadStrip
        people={colleagues} loads={load} chosen={search.person} choose={(person) => narrow({ person })}
        canDrop={(id, person) => {
          const row = rows.find((r) => r.id === id);
          return row !== undefined && mayAssign(row, work.get(id), person);
        }}
        drop={(id, person) => {
          const row = rows.find((r) => r.id === id);
          if (row) {
            assign(row, person);
          }
        }}
      />
    </div>
  );
  return (
    <>
      {isNarrow ? <details className={css.more}><summary>{w.tools}</summary>{tools}</details> : tools}
      {cases.failure != null && <p className={css.failure} role="alert"><Icon name="warning" /> {t.list.failed} <Button size="compact-sm" variant="default" onClick={cases.again}>{t.tryAgain}</Button></p>}
      {cases.more && <p className={css.failure} role="status">{w.more(most)}</p>}
      {cases.reading ? <Waiting /> : (
        <ColumnsView
          key={isByPerson ? 'people' : 'stages'} columns={columns} heading={heading} work={work} now={now} free={free}
          moving={isByPerson ? byPeople : byStages} showsPerson={!isByPerson} shown={search.column} show={(column) => narrow({ column })}
        />
      )}
    </>
  );
}
