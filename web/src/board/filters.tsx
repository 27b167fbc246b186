// What narrows the board: a person, how urgent, and on what the desk waits for an answer.

import { Button, Checkbox, NativeSelect } from '@mantine/core';
import { urgencies } from '../cases/search';
import { useWords } from '../words/words';
import css from './board.module.css';
import { nobody } from './columns';
import type { BoardSearch } from './search';
import { words } from './words';

export function Filters({ search, narrow, people, asked }: {
  search: BoardSearch; narrow(change: Partial<BoardSearch>): void; people: readonly { id: string; name: string }[]; asked?: number;
}) {
  const w = useWords(words);
  return (
    <div className={css.filters} role="group" aria-label={w.filters}>
      <NativeSelect
        aria-label={w.person} value={search.person ?? ''}
        data={[{ value: '', label: w.anyPerson }, { value: nobody, label: w.unassigned }, ...people.map((p) => ({ value: p.id, label: p.name }))]}
        onChange={(e) => narrow({ person: e.currentTarget.value || undefined })}
      />
      <NativeSelect
        aria-label={w.urgency} value={search.urgency ?? ''}
        data={[{ value: '', label: w.anyUrgency }, ...urgencies.map((u) => ({ value: u, label: w.urgencies[u] }))]}
        onChange={(e) => narrow({ urgency: urgencies.find((u) => u === e.currentTarget.value) })}
      />
      {asked !== undefined && <Checkbox size="md" label={w.onlyAsked(asked)} checked={search.asked === '1'} onChange={(e) => narrow({ asked: e.currentTarget.checked ? '1' : undefined })} />}
      {(search.person ?? search.urgency ?? search.asked) !== undefined && (
        <Button size="compact-md" variant="default" onClick={() => narrow({ person: undefined, urgency: undefined, asked: undefined })}>{w.clear}</Button>
      )}
    </div>
  );
}
