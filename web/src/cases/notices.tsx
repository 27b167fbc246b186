// Who else is at a case: who has it open, and who has taken charge of it. Desk and
// page show both in the same words.

import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { command } from '../casework/acts';
import { useCasework } from '../casework/casework';
import { words } from '../casework/words';
import type { CaseReadQuery } from '../generated/graphql';
import type { Row } from '../live/rows';
import { useHouse } from '../shell/house';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import css from './notices.module.css';

type Claim = Extract<NonNullable<CaseReadQuery['node']>, { number: string }>['claim'];

/** Milliseconds after which a claim is kept alive; the server believes it for two minutes. */
const keepEvery = 60_000;
/** Milliseconds after the end of a claim in which it is asked for anew. */
const afterwards = 2_000;

export function Notices({ row, claim, mayClaim }: { row: Row; claim: Claim; mayClaim: boolean }) {
  const { t } = useSpeech();
  const { viewer } = useHouse();
  const w = useWords(words);
  const { begin, give } = useCasework();
  const mine = claim?.mine ?? false;
  useEffect(() => {
    if (!mine) {
      return undefined;
    }
    const keep = (): void => void command({ does: 'KEEP_CLAIM', decline: false }, { id: row.id, version: 0 }).catch(() => undefined); // it ends by itself
    const timer = setInterval(keep, keepEvery);
    return () => clearInterval(timer);
  }, [mine, row.id]);
  const answers = useQueryClient();
  const until = claim?.until;
  useEffect(() => { // no event tells that a claim ran out
    if (until === undefined) {
      return undefined;
    }
    const timer = setTimeout(() => void answers.invalidateQueries({ queryKey: ['case', row.id] }), Math.max(0, Date.parse(until) - Date.now()) + afterwards);
    return () => clearTimeout(timer);
  }, [until, row.id, answers]);
  const lookers = (row.lookers ?? []).filter((p) => p.id !== viewer.user.id);
  return (
    <div className={css.notices}>
      <div role="status">
        {lookers.length > 0 && <p><Icon name="eye" size={16} /> {t.message.lookers(lookers.map((p) => p.name).join(', '))}</p>}
        {claim && <p><Icon name="lock" size={16} /> {mine ? w.inYourHand : w.inHand(claim.holder.name)}</p>}
      </div>
      {claim && !mine && mayClaim && !claim.wanted && <Button size="compact-sm" variant="default" onClick={() => begin('WANT_CLAIM', [row.id])}>{w.acts.WANT_CLAIM}</Button>}
      {claim && mine && claim.wanted && (
        <div role="alert" className={css.wanted}>
          <span>{w.wantedBy}</span>
          <Button size="compact-sm" onClick={() => begin('RELEASE', [row.id])}>{w.handOver}</Button>
          <Button size="compact-sm" variant="default" onClick={() => void give({ does: 'KEEP_CLAIM', decline: true }, [row])}>{w.goOn}</Button>
        </div>
      )}
    </div>
  );
}
