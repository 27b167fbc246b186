// How far a PEC of ours came to each recipient, step by step, and the signed receipt
// that proves each step. What should have come by now is an alarm.

import { Anchor } from '@mantine/core';
import type { DeliveryState, MessageKind, ProvenFragment, ReceiptFragment, ReplyState } from '../generated/graphql';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import css from './ladder.module.css';
import { words } from './words';

interface Step {
  state: DeliveryState;
  at: string | null;
  /** The kind of receipt that proves it. */
  proof?: MessageKind;
}

/** The steps to show of a recipient: those that were taken, and those that are still to come. */
export function stepsOf(r: ProvenFragment, sentAt: string | null): Step[] {
  const steps: Step[] = [{ state: 'PENDING', at: sentAt }];
  if (r.refusedAt || r.status === 'NOT_ACCEPTED') {
    return [...steps, { state: 'NOT_ACCEPTED', at: r.refusedAt, proof: 'NON_ACCEPTANCE' }];
  }
  steps.push({ state: 'ACCEPTED', at: r.acceptedAt, proof: 'ACCEPTANCE' });
  if (r.system === 'ORDINARY') {
    return steps;
  }
  if (r.takenAt) {
    steps.push({ state: 'TAKEN', at: r.takenAt, proof: 'TAKEN_IN_CHARGE' });
  }
  return r.failedAt || r.status === 'NOT_DELIVERED'
    ? [...steps, { state: 'NOT_DELIVERED', at: r.failedAt, proof: 'DELIVERY_ERROR' }]
    : [...steps, { state: 'DELIVERED', at: r.deliveredAt, proof: 'DELIVERY' }];
}

/** Whether there is something to show of a reply: of one that was refused at the door nothing is awaited. */
export function isFollowed({ state, recipients }: { state: ReplyState; recipients: readonly ProvenFragment[] }): boolean {
  return recipients.length > 0 && (state !== 'REFUSED' || recipients.some((r) => r.status !== 'PENDING'));
}

/** The receipt of a kind that is about a recipient; an acceptance is about all of them. */
function receiptOf(receipts: readonly ReceiptFragment[], kind: MessageKind, address: string): ReceiptFragment | undefined {
  const about = (r: ReceiptFragment): string => r.certification?.deliveryTo.toLowerCase() ?? '';
  const ofKind = receipts.filter((r) => r.kind === kind);
  return ofKind.find((r) => about(r) === address) ?? ofKind.find((r) => about(r) === '');
}

export function Ladder({ recipients, receipts, sentAt }: { recipients: readonly ProvenFragment[]; receipts: readonly ReceiptFragment[]; sentAt: string | null }) {
  const w = useWords(words);
  const certified = recipients.filter((r) => r.system !== 'ORDINARY');
  const done = certified.filter((r) => r.status === 'DELIVERED').length;
  return (
    <section className={css.ladder} aria-label={w.title}>
      <h4>{w.title}{certified.length > 0 && <span> · {w.summary(done, certified.length)}</span>}</h4>
      <ul>
        {recipients.map((r) => <Recipient key={r.id} recipient={r} receipts={receipts} sentAt={sentAt} />)}
      </ul>
    </section>
  );
}

function Recipient({ recipient: r, receipts, sentAt }: { recipient: ProvenFragment; receipts: readonly ReceiptFragment[]; sentAt: string | null }) {
  const { dates } = useSpeech();
  const w = useWords(words);
  const bad = r.status === 'NOT_DELIVERED' || r.status === 'NOT_ACCEPTED';
  const alarms = [r.missing !== 'NONE' ? w.missing[r.missing] : '', r.differs ? w.differs : ''].filter(Boolean);
  return (
    <li>
      <p className={css.address}>{r.address}{r.copy && <small> ({w.copy})</small>}</p>
      <ol className={css.steps}>
        {stepsOf(r, sentAt).map(({ state, at, proof }) => {
          const receipt = proof && receiptOf(receipts, proof, r.address);
          const failed = state === 'NOT_DELIVERED' || state === 'NOT_ACCEPTED';
          return (
            <li key={state} data-done={at !== null || undefined} data-failed={failed || undefined}>
              <Icon name={failed ? 'alert' : at ? 'check' : 'clock'} size={16} />
              <span>
                {at ? <>{w.steps[state]} <time dateTime={at} title={dates.exact(at)}>{dates.moment(at)}</time></> : w.waits[state] ?? w.steps[state]}
                {receipt && (
                  <Anchor className={css.receipt} href={receipt.original.path} download={`${receipt.kind.toLowerCase()}.eml`} aria-label={w.download(w.steps[state], r.address)}>
                    <Icon name="download" size={14} /> {w.receipt}
                  </Anchor>
                )}
                {receipt && receipt.verdict.status !== 'VALID' && <strong className={css.alarm}><Icon name="alert" size={14} /> {w.doubt}</strong>}
              </span>
            </li>
          );
        })}
        {r.system === 'ORDINARY' && <li><Icon name="mail" size={16} /><span>{w.ordinary}</span></li>}
        {r.warnedAt && !r.deliveredAt && <li data-failed><Icon name="alert" size={16} /><span>{w.warned} <time dateTime={r.warnedAt}>{dates.moment(r.warnedAt)}</time></span></li>}
      </ol>
      {r.reason && (bad || r.warnedAt) && <p className={css.reason}>{w.reason(r.reason)}</p>}
      {alarms.map((text) => <p key={text} className={css.alarm}><Icon name="warning" size={16} /> {text}</p>)}
    </li>
  );
}
