// Deadlines and calendars: how long things may take, when a term would end and why,
// and on which days nobody works. All of it is the configuration's.

import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Unanswered } from '../admin/parts';
import { Table } from '../admin/table';
import { ask } from '../api/ask';
import { DeadlinesDocument, type DeadlinesQuery } from '../generated/graphql';
import { useAddress, type Said } from '../shell/address';
import { useRoles } from '../shell/house';
import { Waiting } from '../shell/states';
import { useWords } from '../words/words';
import { readAmount, writeAmount, type Amount } from './amount';
import { Calendar } from './calendar';
import css from './deadlines.module.css';
import { Reckoner } from './reckoner';
import { words } from './words';

type Policy = DeadlinesQuery['deadlines'][number];

/** What is looked at, as the address says it. */
export interface Place {
  day?: string;
  time?: string;
  amount?: string;
  office?: string;
  year?: string;
}

function readPlace(said: Said): Place {
  return {
    day: said['day'],
    time: said['time'],
    amount: said['amount'],
    office: said['office'],
    year: said['year'],
  };
}

export function Deadlines() {
  const [place, go] = useAddress(readPlace);
  return (
    <div className={css.page}>
      <Terms use={(amount, office) => {
        go({ amount: writeAmount(amount), office }, { replace: true });
        document.getElementById('reckoner-day')?.focus();
      }} />
      <Reckoner place={place} go={go} />
      <Calendar place={place} go={go} />
    </div>
  );
}

function Terms({ use }: { use(amount: Amount, office: string | undefined): void }) {
  const w = useWords(words);
  const roles = useRoles();
  const mayRead = roles.administrator || roles.sorter;
  const { data, error, refetch } = useQuery({ queryKey: ['deadlines'], enabled: mayRead, queryFn: async ({ signal }) => (await ask(DeadlinesDocument, {}, signal)).deadlines });
  const columns = useMemo(() => {
    const whose = (p: Policy): string => (p.rule != null ? w.terms.rule(p.rule) : p.mailbox ? w.terms.mailbox(p.mailbox.address) : p.office?.name ?? w.terms.house);
    const long = (p: Policy): string => {
      const amount = readAmount(p.amount);
      return amount ? w.amount(amount) : p.amount;
    };
    return [
      { title: w.terms.what, cell: (p: Policy) => w.terms.kinds[p.kind] },
      { title: w.terms.amount, cell: (p: Policy) => <b>{long(p)}</b> },
      { title: w.terms.whose, cell: whose },
      { title: w.terms.use, cell: (p: Policy) => {
        const amount = readAmount(p.amount);
        return amount && <Button variant="default" size="compact-sm" aria-label={w.terms.useOf(w.terms.kinds[p.kind], long(p), whose(p))} onClick={() => use(amount, p.office?.id)}>{w.terms.use}</Button>;
      } },
    ];
  }, [w, use]);
  return (
    <section aria-labelledby="terms">
      <h2 id="terms">{w.terms.title}</h2>
      {!mayRead ? <p className={css.quiet}>{w.terms.unseen}</p> : (
        <>
          <p className={css.quiet}>{w.terms.told} {w.terms.where}</p>
          {error ? <Unanswered again={() => void refetch()} />
            : !data ? <Waiting />
              : data.length === 0 ? <p>{w.terms.none}</p>
                : <Table label={w.terms.title} rows={data} keyOf={(p) => `${p.kind} ${p.office?.id} ${p.mailbox?.id} ${p.rule}`} columns={columns} />}
        </>
      )}
    </section>
  );
}
