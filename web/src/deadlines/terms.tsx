// How long things may take: a list, and for administrators the forms.

import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { Unanswered } from '../admin/parts';
import { Table } from '../admin/table';
import { ask } from '../api/ask';
import { DeadlinesDocument } from '../generated/graphql';
import { useRoles } from '../shell/house';
import { Waiting } from '../shell/states';
import { useWords } from '../words/words';
import { readAmount, type Amount } from './amount';
import { DeadlineForm } from './deadline-form';
import css from './deadlines.module.css';
import { placeOf, useCommandsOfCalendar, type Deadline } from './kept';
import { Keeper, Verbs } from './verbs';
import { words } from './words';

const none: readonly Deadline[] = [];

export function Terms({ use }: { use(amount: Amount, office: string | undefined): void }) {
  const w = useWords(words);
  const roles = useRoles();
  const mayRead = roles.administrator || roles.sorter;
  const { data, error, refetch } = useQuery({ queryKey: ['deadlines'], enabled: mayRead, queryFn: async ({ signal }) => (await ask(DeadlinesDocument, {}, signal)).deadlines });
  const { removeDeadline } = useCommandsOfCalendar();
  const [form, setForm] = useState<{ deadline: Deadline | undefined } | null>(null);
  const add = useRef<HTMLButtonElement>(null);
  const columns = useMemo(() => {
    const whose = (d: Deadline): string => (d.rule != null ? w.terms.rule(d.rule) : d.mailbox ? w.terms.mailbox(d.mailbox.address) : d.office?.name ?? w.terms.house);
    const long = (d: Deadline): string => {
      const amount = readAmount(d.amount);
      return amount ? w.amount(amount) : d.amount;
    };
    const remove = async (d: Deadline): Promise<void> => {
      if (await removeDeadline(d, w.terms.removed(w.terms.name(w.terms.kinds[d.kind], whose(d))))) {
        add.current?.focus(); // its own button is gone
      }
    };
    return [
      { title: w.terms.what, cell: (d: Deadline) => w.terms.kinds[d.kind] },
      { title: w.terms.amount, cell: (d: Deadline) => <b className={d.holds ? undefined : css.replaced}>{long(d)}</b> },
      { title: w.terms.whose, cell: whose },
      { title: w.kept.by, cell: (d: Deadline) => <Keeper origin={d.origin} holds={d.holds} /> },
      { title: w.terms.use, cell: (d: Deadline) => {
        const amount = readAmount(d.amount);
        return amount && <Button variant="default" size="compact-sm" aria-label={w.terms.useOf(w.terms.kinds[d.kind], long(d), whose(d))} onClick={() => use(amount, d.office?.id)}>{w.terms.use}</Button>;
      } },
      ...(roles.administrator ? [{
        title: w.kept.actions, isVerb: true,
        cell: (d: Deadline) => (
          <Verbs
            name={w.terms.name(w.terms.kinds[d.kind], whose(d))}
            edit={d.holds ? () => setForm({ deadline: d }) : undefined}
            remove={d.origin === 'PEOPLE' ? () => void remove(d) : undefined}
          />
        ),
      }] : []),
    ];
  }, [w, use, roles.administrator, removeDeadline]);
  return (
    <section aria-labelledby="terms">
      <div className={css.heading}>
        <h2 id="terms">{w.terms.title}</h2>
        {roles.administrator && <Button ref={add} size="compact-md" variant="default" onClick={() => setForm({ deadline: undefined })}>{w.terms.add}</Button>}
      </div>
      {!mayRead ? <p className={css.quiet}>{w.terms.unseen}</p> : (
        <>
          <p className={css.quiet}>{w.terms.told} {w.terms.where}</p>
          {error ? <Unanswered again={() => void refetch()} />
            : !data ? <Waiting />
              : data.length === 0 ? <p>{w.terms.none}</p>
                : <Table label={w.terms.title} rows={data} keyOf={(d) => `${d.kind} ${placeOf(d)} ${d.origin}`} columns={columns} />}
        </>
      )}
      {form && <DeadlineForm deadline={form.deadline} all={data ?? none} close={() => setForm(null)} />}
    </section>
  );
}
