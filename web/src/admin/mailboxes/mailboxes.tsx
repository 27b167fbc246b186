// The mailboxes: how each is, whether its servers let us in, and its password.

import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Suspense, useMemo, useState } from 'react';
import { ask } from '../../api/ask';
import { AdminMailboxesDocument, type MailboxStateFragment } from '../../generated/graphql';
import { useCommands } from '../../shell/commands';
import type { Command } from '../../shell/keys';
import { lazy } from '../../shell/lazily';
import { Nothing, Waiting } from '../../shell/states';
import { useSpeech, useWords } from '../../words/words';
import shared from '../admin.module.css';
import { allPages } from '../pages';
import { Fact, State, Unanswered, Why, type Tone } from '../parts';
import { Table } from '../table';
import css from './mailboxes.module.css';
import { words } from './words';

const Password = lazy(() => import('./password'));
const Check = lazy(() => import('./check'));

/** When a mailbox was looked at last is no event: it is asked for this often, in milliseconds. */
const again = 15_000;

const tones: Record<MailboxStateFragment['health'], Tone> = { OK: 'good', FAILING: 'bad', NEVER: 'quiet' };

export function useMailboxes() {
  return useQuery({
    queryKey: ['mailboxes', 'state'],
    queryFn: ({ signal }) => allPages(async (after) => (await ask(AdminMailboxesDocument, { after }, signal)).mailboxes),
    refetchInterval: again,
  });
}

type Doing = { what: 'check' | 'password'; box: MailboxStateFragment };

export function Mailboxes() {
  const { t } = useSpeech();
  const w = useWords(words);
  const { data, error, refetch } = useMailboxes();
  const [doing, setDoing] = useState<Doing | null>(null);
  useCommands(useMemo<Command[]>(() => (data ?? []).flatMap((box) => [
    { id: `check ${box.id}`, title: `${w.check}: ${box.address}`, group: t.groups.list, run: () => setDoing({ what: 'check', box }) },
    { id: `password ${box.id}`, title: `${w.setPassword}: ${box.address}`, group: t.groups.list, run: () => setDoing({ what: 'password', box }) },
  ]), [data, t, w]));
  const close = (): void => setDoing(null);
  if (!data) {
    return error ? <Unanswered again={() => void refetch()} /> : <Waiting />;
  }
  return (
    <>
      <p className={shared.said}>{w.said}</p>
      {data.length === 0 && <Nothing>{w.none}</Nothing>}
      <ul className={css.boxes}>
        {data.map((box) => <Box key={box.id} box={box} act={(what) => setDoing({ what, box })} />)}
      </ul>
      <Suspense>
        {doing?.what === 'password' && <Password box={doing.box} close={close} />}
        {doing?.what === 'check' && <Check box={doing.box} close={close} />}
      </Suspense>
    </>
  );
}

function Box({ box, act }: { box: MailboxStateFragment; act(what: Doing['what']): void }) {
  const { dates } = useSpeech();
  const w = useWords(words);
  const folders = box.folders.nodes;
  const sum = (figure: 'waiting' | 'quarantined' | 'missing'): number => folders.reduce((n, f) => n + f[figure], 0);
  return (
    <li className={css.box}>
      <header>
        <h2>{box.address}</h2>
        <State tone={tones[box.health]}>{w.healths[box.health]}</State>
        <span className={css.verbs}>
          <Button size="compact-md" variant="default" aria-label={`${w.check}: ${box.address}`} onClick={() => act('check')}>{w.check}</Button>
          <Button size="compact-md" variant="default" aria-label={`${w.setPassword}: ${box.address}`} onClick={() => act('password')}>{w.setPassword}</Button>
        </span>
      </header>
      {box.failingSince && (
        <div>
          <p>{w.failingSince(dates.moment(box.failingSince))}</p>
          <Why reason={box.lastError} />
        </div>
      )}
      <dl className={shared.facts}>
        <Fact name={w.checkedAt}>{box.checkedAt ? <time dateTime={box.checkedAt} title={dates.exact(box.checkedAt)}>{dates.moment(box.checkedAt)} ({w.ago(minutesSince(box.checkedAt))})</time> : w.never}</Fact>
        <Fact name={w.office}>{box.office?.name ?? w.byRules}</Fact>
        <Fact name={w.sends}>{box.sends ? w.sendsUpTo(dates.bytes(Number(box.sizeLimit))) : w.receivesOnly}</Fact>
        <Fact name={w.waiting}>{dates.number(sum('waiting'))}</Fact>
        <Fact name={w.setAside}>{sum('quarantined') > 0 ? <State tone="bad">{dates.number(sum('quarantined'))}</State> : '0'}</Fact>
        <Fact name={w.missing}>{sum('missing') > 0 ? <State tone="bad">{dates.number(sum('missing'))} ({w.missingTold})</State> : '0'}</Fact>
      </dl>
      {folders.length > 0 && (
        <details>
          <summary>{w.folders}</summary>
          <Table
            label={`${w.folders}: ${box.address}`}
            rows={folders}
            keyOf={(f) => f.id}
            columns={[
              { title: w.folder, cell: (f) => (f.sent ? `${f.name} (${w.sentFolder})` : f.name) },
              { title: w.onServer, isNumber: true, cell: (f) => dates.number(f.onServer) },
              { title: w.archived, isNumber: true, cell: (f) => dates.number(f.archived) },
              { title: w.waiting, isNumber: true, cell: (f) => dates.number(f.waiting) },
              { title: w.setAside, isNumber: true, cell: (f) => dates.number(f.quarantined) },
              { title: w.missing, isNumber: true, cell: (f) => dates.number(f.missing) },
              { title: w.gone, isNumber: true, cell: (f) => dates.number(f.gone) },
              { title: w.compared, cell: (f) => (f.reconciledAt ? dates.moment(f.reconciledAt) : w.never) },
            ]}
          />
        </details>
      )}
    </li>
  );
}

/** How many whole minutes ago something was. */
export function minutesSince(at: string): number {
  return Math.max(0, Math.floor((Date.now() - Date.parse(at)) / 60_000));
}
