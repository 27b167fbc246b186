// A rule is tried on what came: what it would have taken, what would be elsewhere, and
// whether people sent it there too.

import { Button, Loader, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { whyOf } from '../admin/saving';
import { Table } from '../admin/table';
import { ask } from '../api/ask';
import { RuleTrialDocument, RuleTrialProgressDocument, type ErrorFragment, type RuleTrialInput, type RuleTrialQuery } from '../generated/graphql';
import { caseAddress } from '../shell/address';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import css from './rules.module.css';
import { words } from './words';

export type Found = NonNullable<RuleTrialQuery['ruleTrial']['trial']>;
type Moved = Found['cases'][number];

/** What may be tried on: so many PECs, or those of so many days. */
const spans = [{ last: 100 }, { last: 500 }, { last: 1000 }, { last: 2000 }, { days: 7 }, { days: 30 }, { days: 90 }, { days: 365 }] as const;

export interface Span {
  last?: number;
  days?: number;
}

/** Milliseconds between two questions how far a trial has come. */
const often = 700;

export interface Trial {
  span: Span;
  setSpan(span: Span): void;
  running: boolean;
  /** How many PECs the running one has looked at; null while that is not known. */
  looked: number | null;
  stop(): void;
  found: Found | null;
  /** Whether what was found is about what would be commanded now. */
  isFresh: boolean;
  /** Why there was no trial; empty when there was. */
  failure: string;
  /** Tries; gives what was refused. */
  run(input: Pick<RuleTrialInput, 'ruleId' | 'rule' | 'on'>): Promise<readonly ErrorFragment[]>;
}

/** Trials of something; `stamp` says what it is now, with all that a trial depends on. */
export function useTrial(stamp: string): Trial {
  const { t } = useSpeech();
  const [span, setSpan] = useState<Span>(spans[1]);
  const [running, setRunning] = useState<{ key: string; ending: AbortController } | null>(null);
  const looked = useProgress(running?.key);
  const [result, setResult] = useState<{ found: Found; stamp: string } | null>(null);
  const [failure, setFailure] = useState('');
  const run = useCallback(async (input: Pick<RuleTrialInput, 'ruleId' | 'rule' | 'on'>) => {
    const mine = { key: `${Date.now()} ${Math.random()}`, ending: new AbortController() };
    setRunning(mine);
    setFailure('');
    try {
      const { ruleTrial } = await ask(RuleTrialDocument, { input: { ...input, ...span, key: mine.key } }, mine.ending.signal);
      if (ruleTrial.trial) {
        setResult({ found: ruleTrial.trial, stamp });
      } else {
        setFailure(ruleTrial.userErrors.map((e) => e.message).join(' '));
      }
      return ruleTrial.userErrors;
    } catch (failed) {
      if (!mine.ending.signal.aborted) {
        setFailure(whyOf(failed, t));
      }
      return [];
    } finally {
      setRunning(null);
    }
  }, [span, stamp, t]);
  useEffect(() => () => running?.ending.abort(), [running]);
  return {
    span, setSpan, running: running !== null, looked, stop: () => running?.ending.abort(),
    found: result?.found ?? null, isFresh: result?.stamp === stamp, failure, run,
  };
}

/** How far a trial has come, asked while it runs. */
function useProgress(key: string | undefined): number | null {
  const { data } = useQuery({
    queryKey: ['trial', key],
    enabled: key !== undefined,
    refetchInterval: often,
    gcTime: 0,
    queryFn: async ({ signal }) => (await ask(RuleTrialProgressDocument, { key: key! }, signal)).ruleTrialProgress?.looked ?? null,
  });
  return key === undefined ? null : data ?? null;
}

/** Asks for a trial and shows what it found. `next` is what can be done after it. */
export function TrialPanel({ trial, run, outdated, next }: {
  trial: Trial;
  /** Tries; or the id of the form that does when it is submitted. */
  run: string | (() => void);
  /** What is said when something changed after the trial. */
  outdated: string;
  next?: ReactNode;
}) {
  const w = useWords(words);
  const { found, running } = trial;
  const head = useRef<HTMLHeadingElement>(null);
  const shown = useRef(found);
  useEffect(() => { // what was found is read next
    if (found && found !== shown.current) {
      shown.current = found;
      head.current?.focus();
    }
  }, [found]);
  return (
    <section className={css.trial} aria-label={w.trial.title}>
      <h2 ref={head} tabIndex={-1}>{w.trial.title}</h2>
      <p className={css.quiet}>{w.trial.told}</p>
      <div className={css.trialAsk}>
        <NativeSelect
          label={w.trial.last} value={w.trial.span(trial.span)}
          data={spans.map((s) => w.trial.span(s))}
          onChange={(e) => trial.setSpan(spans[e.currentTarget.selectedIndex] ?? spans[1])}
        />
        <Button variant={trial.isFresh ? 'default' : 'filled'} disabled={running} {...(typeof run === 'string' ? { type: 'submit', form: run } : { onClick: run })}>{found ? w.trial.again : w.trial.run}</Button>
      </div>
      <div role="status" className={css.progress}>
        {running && (
          <>
            <Loader size="sm" aria-hidden /> {w.trial.running(w.trial.span(trial.span))}{trial.looked !== null && ` ${w.trial.soFar(trial.looked)}`}
            <Button variant="default" size="compact-sm" onClick={trial.stop}>{w.trial.stop}</Button>
          </>
        )}
      </div>
      {trial.failure && <p className={css.wrong} role="alert"><Icon name="alert" /> {w.trial.failed(trial.failure)}</p>}
      {found && !running && (
        <div data-outdated={!trial.isFresh || undefined} className={css.found}>
          {!trial.isFresh && <p className={css.warned} role="status"><Icon name="warning" /> {outdated}</p>}
          <Result found={found} />
        </div>
      )}
      {next && <div className={css.next}>{next}</div>}
    </section>
  );
}

function Result({ found }: { found: Found }) {
  const w = useWords(words);
  const { dates } = useSpeech();
  return (
    <>
      <p className={css.sum} role="status">
        {w.trial.looked(found.looked)}: <b>{w.trial.taken(found.taken)}</b>, <b>{w.trial.moved(found.moved)}</b>.
      </p>
      {found.taken === 0 && <p className={css.warned}><Icon name="warning" /> {w.trial.dead}</p>}
      {found.taken > 0 && found.moved === 0 && <p className={css.quiet}>{w.trial.still}</p>}
      {found.cut && <p className={css.warned}><Icon name="clock" /> {w.trial.cut}</p>}
      {!found.cut && found.asked > 0 && found.looked < found.asked && <p className={css.quiet}>{w.trial.fewer(found.asked)}</p>}
      {found.untold && <p className={css.quiet}><Icon name="lock" size={16} /> {w.trial.untold}</p>}
      {found.overshadowedBy.length > 0 && (
        <>
          <h3>{w.trial.overlaps}</h3>
          <ul className={css.overlaps}>
            {found.overshadowedBy.map(({ rule, count }) => rule && (
              <li key={rule.id}><Link href={`/admin/rules?rule=${rule.id}`}>{rule.name}</Link>: {w.trial.overlap(count)}</li>
            ))}
          </ul>
        </>
      )}
      {found.moves.length > 0 && (
        <>
          <h3>{w.trial.movesTitle}</h3>
          <Table
            label={w.trial.movesTitle}
            rows={found.moves}
            keyOf={(m) => `${m.from?.id} ${m.to?.id}`}
            columns={[
              { title: w.trial.from, cell: (m) => m.from?.name ?? w.trial.desk },
              { title: w.trial.to, cell: (m) => <b>{m.to?.name ?? w.trial.desk}</b> },
              { title: w.trial.count, cell: (m) => dates.number(m.count), isNumber: true },
            ]}
          />
        </>
      )}
      {found.moved > 0 && <Cases cases={found.cases} />}
    </>
  );
}

function Cases({ cases }: { cases: readonly Moved[] }) {
  const w = useWords(words);
  const { t, dates } = useSpeech();
  if (cases.length === 0) {
    return <p className={css.quiet}>{w.trial.noCases}</p>;
  }
  const sorted = cases.filter(sentByPeople);
  return (
    <>
      <h3>{w.trial.casesTitle}</h3>
      <p className={css.quiet}>{w.trial.casesTold}{sorted.length > 0 && ` ${w.trial.agreement(sorted.filter(agrees).length, sorted.length)}`}</p>
      <Table
        label={w.trial.casesTitle}
        rows={cases}
        keyOf={(m) => m.case?.id ?? m.receivedAt}
        columns={[
          { title: w.trial.case, cell: (m) => m.case && <Link href={caseAddress(m.case.number)}>{m.case.number}</Link> },
          { title: w.trial.subject, cell: (m) => <>{m.case?.subject || t.noSubject}<br /><small className={css.quiet}>{m.case?.senderName || m.case?.senderAddress} · {dates.day(m.receivedAt)}</small></> },
          { title: w.trial.to, cell: (m) => <span title={m.why}>{m.from?.name ?? w.trial.desk} <Icon name="arrowRight" size={14} /> <b>{m.to?.name ?? w.trial.desk}</b></span> },
          { title: w.trial.now, cell: (m) => <Now moved={m} /> },
        ]}
      />
    </>
  );
}

/** Whether people sent a case, of which no rule knew an office, to the one where it is. */
function sentByPeople({ from, case: file }: Moved): boolean {
  return from === null && !!file?.office;
}

function agrees({ to, case: file }: Moved): boolean {
  return file?.office?.id === to?.id;
}

function Now({ moved }: { moved: Moved }) {
  const w = useWords(words);
  const office = moved.case?.office;
  if (!office) {
    return <span className={css.quiet}><Icon name="clock" size={14} /> {w.trial.waits}</span>;
  }
  const same = agrees(moved);
  return <>{office.name} <small className={same ? css.good : css.warn}><Icon name={same ? 'check' : 'warning'} size={14} /> {same ? w.trial.agrees : w.trial.differs}</small></>;
}
