// What keeps failing, by kind, with what can be done about it.

import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { Link } from 'wouter';
import { ask } from '../../api/ask';
import { QuarantineRetryDocument, TroublesDocument, type TroublesQuery } from '../../generated/graphql';
import { caseAddress } from '../../shell/address';
import { lazy } from '../../shell/lazily';
import { Waiting } from '../../shell/states';
import { useToast } from '../../shell/toasts';
import { useSpeech, useWords } from '../../words/words';
import shared from '../admin.module.css';
import { useMailboxes } from '../mailboxes/mailboxes';
import { State, Unanswered, Why } from '../parts';
import { whyOf } from '../saving';
import { Table } from '../table';
import { words as common } from '../words';
import css from './troubles.module.css';
import { words } from './words';
import { groupBy } from '../../shell/group-by';

const Check = lazy(() => import('../mailboxes/check'));

export type Trouble = NonNullable<TroublesQuery['troubles']>['list'][number];

/** What befalls replies is told to who sees the case, not to administrators: it is asked for this often, in milliseconds. */
const again = 30_000;

export function useTroubles() {
  return useQuery({
    queryKey: ['troubles'],
    queryFn: async ({ signal }) => (await ask(TroublesDocument, {}, signal)).troubles,
    refetchInterval: again,
  });
}

export function Troubles() {
  const { dates } = useSpeech();
  const w = useWords(words);
  const c = useWords(common);
  const { data, error, refetch } = useTroubles();
  const [checking, setChecking] = useState<string | null>(null);
  const { data: mailboxes = [] } = useMailboxes();
  const box = mailboxes.find((m) => m.id === checking);
  if (!data) {
    return error ? <Unanswered again={() => void refetch()} /> : <Waiting />;
  }
  return (
    <>
      <p className={shared.said}>{w.said}</p>
      <p role="status">{data.list.length === 0 ? <State tone="good">{w.none}</State> : <State tone="bad">{w.count(data.list.length)}{data.more && '+'}</State>}</p>
      {data.more && <p>{w.more}</p>}
      {[...groupBy(data.list, (x) => x.kind)].map(([kind, list]) => (
        <section key={kind} className={css.kind}>
          <h2>{w.kinds[kind]}</h2>
          <p className={shared.said}>{w.kindsTold[kind]}</p>
          <Table
            label={w.kinds[kind]}
            rows={list}
            keyOf={keyOf}
            columns={[
              { title: w.what, cell: (x) => <Subject trouble={x} /> },
              { title: w.since, cell: (x) => <time dateTime={x.since} title={dates.exact(x.since)} className={css.when}>{dates.moment(x.since)}</time> },
              { title: w.attempts, isNumber: true, cell: (x) => (x.attempts > 0 ? dates.number(x.attempts) : c.none) },
              { title: w.why, cell: (x) => (x.reason ? <Why reason={x.reason} /> : <span className={shared.quiet}>{w.hidden}</span>) },
              { title: w.remedy, isVerb: true, cell: (x) => <Remedy trouble={x} check={() => setChecking(x.mailbox?.id ?? null)} /> },
            ]}
          />
        </section>
      ))}
      <Suspense>{box && <Check box={box} close={() => setChecking(null)} />}</Suspense>
    </>
  );
}

function keyOf(x: Trouble): string {
  return [x.kind, x.mailbox?.id, x.entry?.id, x.reply?.id, x.case?.id, x.person?.id, x.since].join(' ');
}

function Subject({ trouble: x }: { trouble: Trouble }) {
  const w = useWords(words);
  return (
    <>
      {x.mailbox && <div>{x.mailbox.address}</div>}
      {x.entry && <small>{w.uid(x.entry.folder.name, x.entry.uid)}</small>}
      {x.case && <div><Link href={caseAddress(x.case.number)}>{x.case.number}</Link></div>}
      {x.office && <div>{x.office.name}</div>}
      {x.person && <div>{x.person.name}</div>}
    </>
  );
}

function Remedy({ trouble: x, check }: { trouble: Trouble; check(): void }) {
  const { t } = useSpeech();
  const w = useWords(words);
  const c = useWords(common);
  const toast = useToast();
  const answers = useQueryClient();
  const [busy, setBusy] = useState(false);
  const retry = async (id: string): Promise<void> => {
    setBusy(true);
    try {
      const { quarantineRetry: tried } = await ask(QuarantineRetryDocument, { id });
      const [error] = tried.userErrors;
      if (error || tried.entry?.state === 'QUARANTINED') {
        toast({ tone: 'trouble', text: error?.message ?? w.stillAside(tried.entry?.reason ?? '') });
      } else {
        toast({ text: tried.entry?.state === 'SEEN' ? w.retriedLater : w.retried });
      }
    } catch (failure) {
      toast({ tone: 'trouble', text: whyOf(failure, t) });
    }
    setBusy(false);
    void answers.invalidateQueries({ queryKey: ['troubles'] });
    void answers.invalidateQueries({ queryKey: ['mailboxes'] });
  };
  if (x.remedies.includes('RETRY') && x.entry) {
    return <Button size="compact-md" variant="default" loading={busy} onClick={() => void retry(x.entry!.id)}>{w.retry}</Button>;
  }
  if (x.remedies.includes('CHECK')) {
    return <Button size="compact-md" variant="default" onClick={check}>{c.checkMailbox}</Button>;
  }
  return <span className={shared.quiet}>{x.remedies.includes('DECIDE') ? w.decide : x.kind === 'REPLY_DELAYED' ? w.byItself : c.none}</span>;
}
