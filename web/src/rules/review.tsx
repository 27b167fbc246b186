// How all rules that are on fare among what came: which never decide, and what comes before them.

import { Button, Loader } from '@mantine/core';
import { useState } from 'react';
import { whyOf } from '../admin/saving';
import { ask } from '../api/ask';
import { RuleReviewDocument, type RuleReviewQuery } from '../generated/graphql';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import { stampOf } from './order';
import css from './rules.module.css';
import type { Rule } from './rulebook';
import { words } from './words';

export type Found = NonNullable<RuleReviewQuery['ruleReview']['review']>;
export type Fared = Found['rules'][number];

/** Days after which a rule that is not applied is worth a look; a review goes back as far. */
export const longDays = 90;

export interface Review {
  running: boolean;
  found: Found | null;
  failure: string;
  run(): Promise<void>;
  /** How a rule fared; nothing before a review, and after any rule changed. */
  of(id: string): Fared | undefined;
}

export function useReview(rules: readonly Rule[]): Review {
  const { t } = useSpeech();
  const stamp = stampOf(rules);
  const [running, setRunning] = useState(false);
  const [result, setResult] = useState<{ found: Found; stamp: string } | null>(null);
  const [failure, setFailure] = useState('');
  const run = async (): Promise<void> => {
    setRunning(true);
    setFailure('');
    try {
      const { review, userErrors } = (await ask(RuleReviewDocument, { days: longDays })).ruleReview;
      setResult(review ? { found: review, stamp } : null);
      setFailure(userErrors.map((e) => e.message).join(' '));
    } catch (failed) {
      setFailure(whyOf(failed, t));
    } finally {
      setRunning(false);
    }
  };
  const found = result?.stamp === stamp ? result.found : null;
  return { running, found, failure, run, of: (id) => found?.rules.find((f) => f.rule?.id === id) };
}

/** Asks for a review, and says what it looked at. */
export function ReviewBar({ review }: { review: Review }) {
  const w = useWords(words);
  const { found } = review;
  return (
    <div className={css.review}>
      <Button variant="default" disabled={review.running} title={w.review.told} onClick={() => void review.run()}>{w.review.run(longDays)}</Button>
      <span role="status" className={css.quiet}>
        {review.running && <><Loader size="xs" aria-hidden /> {w.review.running}</>}
        {!review.running && found && <>{w.review.done(found.looked, found.days)} {found.cut && w.trial.cut} {found.untold && w.trial.untold}</>}
      </span>
      {review.failure !== '' && <p className={css.wrong} role="alert"><Icon name="alert" /> {w.trial.failed(review.failure)}</p>}
    </div>
  );
}

/** What a review found of one rule. */
export function FaredMark({ fared }: { fared: Fared | undefined }) {
  const w = useWords(words);
  if (!fared) {
    return null;
  }
  const before = fared.overshadowedBy.map((o) => w.review.before(o.rule?.name ?? '', o.count)).join(', ');
  if (fared.taken === 0 && before !== '') {
    return <span className={css.warn}><Icon name="warning" size={14} /> {w.review.never(before)}</span>;
  }
  return <span>{fared.taken === 0 ? w.review.none : w.review.taken(fared.taken)}{before !== '' && `; ${w.review.partly(before)}`}</span>;
}
