// For a screen on the wall: how much waits where, and since when. It says nothing of
// anybody, needs no hand, and stays awake.

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState, type CSSProperties } from 'react';
import { Link, useLocation } from 'wouter';
import { ask } from '../api/ask';
import { WallOfHouseDocument, WallOfOfficeDocument, WallOldestDocument, type CaseFilter, type CountsShownFragment } from '../generated/graphql';
import { useGently } from '../live/use-gently';
import { useCommands } from '../shell/commands';
import { Chip } from '../shell/frame';
import { useRoles } from '../shell/house';
import { Icon } from '../shell/icon';
import type { Command } from '../shell/keys';
import { Failed, Nothing, Waiting } from '../shell/states';
import { useTitle } from '../shell/title';
import { useSpeech, useWords } from '../words/words';
import { useAwake } from './awake';
import { waited } from './hours';
import css from './wall.module.css';
import { words } from './words';

const key = ['wall'];
/** Milliseconds after an event when the wall is read again. */
const pause = 3_000;

interface Standing {
  id: string;
  name: string | null; // of the desk none
  counts: CountsShownFragment;
  /** When the oldest that waits was received. */
  oldest: string | null;
}

/** Reads how the offices stand that the viewer may watch, the desk before them. */
async function readWall(offices: readonly string[], signal: AbortSignal): Promise<Standing[]> {
  const { sortingBoard } = await ask(WallOfHouseDocument, {}, signal);
  const oldest = async (filter: CaseFilter): Promise<string | null> => (await ask(WallOldestDocument, { filter }, signal)).cases.nodes[0]?.receivedAt ?? null;
  const boards = sortingBoard?.byOffice
    ?? (await Promise.all(offices.map(async (officeId) => (await ask(WallOfOfficeDocument, { officeId }, signal)).officeBoard))).filter((b) => b !== null);
  const standings = boards.map(async ({ office, counts }): Promise<Standing> => ({
    ...office, counts, oldest: counts.toAssign > 0 ? await oldest({ statuses: ['TO_ASSIGN'], officeIds: [office.id] }) : null,
  }));
  if (sortingBoard) {
    standings.unshift(oldest({ statuses: ['TO_SORT'] }).then((at) => ({ id: '', name: null, counts: sortingBoard.counts, oldest: at })));
  }
  return Promise.all(standings);
}

export function Wall() {
  const { dates } = useSpeech();
  const w = useWords(words);
  const [, navigate] = useLocation();
  const roles = useRoles();
  const offices = roles.heads.map((o) => o.id);
  const now = useNow();
  useAwake();
  useTitle(w.wall);
  useGently(key, pause, 'counts');
  const { data, error, refetch } = useQuery({
    queryKey: [...key, ...offices],
    placeholderData: keepPreviousData,
    staleTime: 0, // nobody heard what happened while it was not shown
    queryFn: ({ signal }) => readWall(offices, signal),
  });
  useCommands(useMemo<Command[]>(() => [
    { id: 'back', title: w.backToOverview, group: w.title, keys: 'Escape', run: () => navigate('/overview') },
  ], [w, navigate]));
  return (
    <div className={css.wall}>
      <header>
        <h1>{w.wallTold}</h1>
        <Chip />
        <time dateTime={now.toISOString()}>{dates.moment(now)}</time>
        <Link href="/overview" aria-label={w.backToOverview} title={w.backToOverview}><Icon name="close" size={24} /></Link>
      </header>
      {data === undefined ? (error ? <Failed again={() => void refetch()} /> : <Waiting />)
        : data.length === 0 ? <Nothing>{w.noOffice}</Nothing>
          : <ul className={css.standings} style={{ '--columns': columnsOf(data) } as CSSProperties}>{data.map((s) => <Card key={s.id} standing={s} now={now} />)}</ul>}
    </div>
  );
}

/** How many cards stand side by side on a wide screen; that of the desk takes two places. */
function columnsOf(standings: readonly Standing[]): number {
  return Math.ceil(Math.sqrt(1.4 * (standings.length + (standings[0]?.name === null ? 1 : 0))));
}

function Card({ standing: { name, counts, oldest }, now }: { standing: Standing; now: Date }) {
  const { dates } = useSpeech();
  const w = useWords(words);
  const n = dates.number;
  return (
    <li className={css.card} data-desk={name === null || undefined}>
      <h2>{name ?? w.desk}</h2>
      <p className={css.waiting}><b>{n(name === null ? counts.toSort : counts.toAssign)}</b> {name === null ? w.waitingToSort : w.waitingToAssign}</p>
      {oldest && <p className={css.oldest}><Icon name="clock" size={20} /> {w.oldest} <b>{waited(oldest, now, w, dates)}</b></p>}
      <p className={css.late}>
        {name === null ? null : <span>{n(counts.inProgress)} {w.working}</span>}
        {counts.dueSoon > 0 && <span data-tone="soon"><Icon name="clock" size={20} /> {n(counts.dueSoon)} {w.soon}</span>}
        {counts.breached > 0 && <span data-tone="late"><Icon name="warning" size={20} /> {n(counts.breached)} {w.late}</span>}
      </p>
    </li>
  );
}

/** The time, as a clock without seconds needs it. */
function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 10_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
