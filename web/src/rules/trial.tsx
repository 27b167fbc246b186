// A rule is tried on what came: what it would have taken, what would be elsewhere, and
// whether people sent it there too.

import { Button, Loader, NativeSelect } from '@mantine/core';
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { whyOf } from '../admin/saving';
import { Table } from '../admin/table';
import { ask } from '../api/ask';
import { RuleTrialDocument, type ErrorFragment, type RuleTrialInput, type RuleTrialQuery } from '../generated/graphql';
import { caseAddress } from '../shell/address';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import css from './rules.module.css';
import { words } from './words';

export type Found = NonNullable<RuleTrialQuery['ruleTrial']['trial']>;
type Moved = Found['cases'][number];

/** How many PECs may be tried on. */
const sizes = [100, 500, 1000, 2000] as const;

export interface Trial {
  last: number;
  setLast(last: number): void;
  running: boolean;
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
  const [last, setLast] = useState<number>(500);
  const [running, setRunning] = useState(false);
  const [result, setResult] = useState<{ found: Found; stamp: string } | null>(null);
  const [failure, setFailure] = useState('');
  const run = useCallback(async (input: Pick<RuleTrialInput, 'ruleId' | 'rule' | 'on'>) => {
    setRunning(true);
    setFailure('');
    try {
      const { ruleTrial } = await ask(RuleTrialDocument, { input: { ...input, last } });
      if (ruleTrial.trial) {
        setResult({ found: ruleTrial.trial, stamp });
      } else {
        setFailure(ruleTrial.userErrors.map((e) => e.message).join(' '));
      }
      return ruleTrial.userErrors;
    } catch (failed) {
      setFailure(whyOf(failed, t));
      return [];
    } finally {
      setRunning(false);
    }
  }, [last, stamp, t]);
  return { last, setLast, running, found: result?.found ?? null, isFresh: result?.stamp === stamp, failure, run };
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
          label={w.trial.last} value={trial.last}
          data={sizes.map((n) => ({ value: String(n), label: w.trial.lastOf(n) }))}
          onChange={(e) => trial.setLast(Number(e.currentTarget.value))}
        />
        <Button variant={trial.isFresh ? 'default' : 'filled'} disabled={running} {...(typeof run === 'string' ? { type: 'submit', form: run } : { onClick: run })}>{found ? w.trial.again : w.trial.run}</Button>
      </div>
      <div role="status" className={css.progress}>{running && <><Loader size="sm" aria-hidden /> {w.trial.running(trial.last)}</>}</div>
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
      {!found.cut && found.looked < found.asked && <p className={css.quiet}>{w.trial.fewer(found.asked)}</p>}
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
