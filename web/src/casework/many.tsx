// Which offices have a case for information, or which people read it: any number of
// them, found by letters.

import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../api/ask';
import { useCaseRead } from '../cases/read';
import { CaseReadersDocument, type CaseReadersQuery } from '../generated/graphql';
import { useHouse, useOpenOffices } from '../shell/house';
import { matches } from '../shell/match';
import { useWords } from '../words/words';
import type { Named } from './acts';
import type { DialogProps } from './asking';
import css from './asking.module.css';
import { Question, useGive } from './question';
import { words } from './words';

const nobody: readonly Named[] = [];

/** Everybody who works here, by name. */
function usePeople(wanted: boolean): readonly Named[] {
  const { data } = useQuery({
    queryKey: ['people', 'all'],
    enabled: wanted,
    queryFn: async ({ signal }) => {
      const all: Named[] = [];
      for (let after: string | null = null; ; ) {
        const { users }: CaseReadersQuery = await ask(CaseReadersDocument, { after }, signal);
        all.push(...users.nodes);
        after = users.pageInfo.endCursor;
        if (!users.pageInfo.hasNextPage || after === null) {
          return all;
        }
      }
    },
  });
  return data ?? nobody;
}

export default function ManyDialog({ wanted, title, close, of }: DialogProps & { of: 'offices' | 'readers' }) {
  const w = useWords(words);
  const { rows, viewer } = useHouse();
  const id = wanted.ids[0]!;
  const row = rows.get(id);
  const { data } = useCaseRead(id);
  const offices = useOpenOffices();
  const people = usePeople(of === 'readers');
  const before = of === 'offices' ? data?.informedOffices ?? nobody : nobody;
  const all = of === 'offices' ? offices.filter((o) => o.id !== row?.office?.id) : people.filter((p) => p.id !== viewer.user.id);
  const [chosen, setChosen] = useState<readonly Named[] | null>(null);
  const [text, setText] = useState('');
  const giving = useGive(wanted, close);
  const now = chosen ?? before;
  const isOn = (n: Named): boolean => now.some((c) => c.id === n.id);
  return (
    <Question
      title={title} verb={w.confirm} giving={giving} close={close} ready={chosen !== null}
      submit={() => giving.give(of === 'offices' ? { does: 'INFORM', offices: now, before } : { does: 'RESERVE', readers: now })}
    >
      <TextInput data-autofocus label={w.pick.find} value={text} onChange={(e) => setText(e.currentTarget.value)} />
      <fieldset className={`${css.options} ${css.many}`}>
        <legend>{w.pick[of]} · {w.pick.chosen(now.length)}</legend>
        {all.filter((n) => isOn(n) || matches(text, n.name)).map((n) => (
          <label key={n.id}>
            <input type="checkbox" checked={isOn(n)} onChange={() => setChosen(isOn(n) ? now.filter((c) => c.id !== n.id) : [...now, { id: n.id, name: n.name }])} />
            {n.name}
          </label>
        ))}
      </fieldset>
    </Question>
  );
}
