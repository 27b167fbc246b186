// The board's open cases as one list, the first due above, with what each says beside it.

import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useCallback, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { CaseList } from '../cases/list';
import { Preview } from '../cases/preview';
import { useRowMenu } from '../cases/use-row-menu';
import { leaveTrail } from '../casework/trail';
import { useColleagues } from '../casework/people';
import type { CaseFilter } from '../generated/graphql';
import type { Question } from '../live/list';
import { useLiveList } from '../live/use-list';
import { caseAddress } from '../shell/address';
import { useCommands } from '../shell/commands';
import { useHouse, type Office } from '../shell/house';
import type { Command } from '../shell/keys';
import { useSpeech, useWords } from '../words/words';
import css from './board.module.css';
import { nobody } from './columns';
import { Filters } from './filters';
import type { BoardSearch } from './search';
import { words } from './words';

const none: ReadonlySet<string> = new Set();

function questionOf(officeId: string, search: BoardSearch): Question {
  const filter: CaseFilter = { officeIds: [officeId], statuses: ['TO_ASSIGN', 'IN_PROGRESS', 'ANSWERING'] };
  if (search.person === nobody) {
    filter.unassigned = true;
  } else if (search.person !== undefined) {
    filter.assigneeIds = [search.person];
  }
  if (search.urgency) {
    filter.urgencies = [search.urgency];
  }
  return { filter, order: { field: 'DUE_AT', direction: 'ASC' } };
}

export function BoardList({ office, search, narrow, change }: {
  office: Office;
  search: BoardSearch;
  narrow(change: Partial<BoardSearch>): void;
  change(some: Partial<BoardSearch>, how?: { replace?: boolean }): void;
}) {
  const { t } = useSpeech();
  const w = useWords(words);
  const { rows } = useHouse();
  const [, navigate] = useLocation();
  const isNarrow = useMediaQuery('(max-width: 60em)') ?? false;
  const people = useColleagues(office.id);
  const { list, shown } = useLiveList(questionOf(office.id, search));
  const [selected, select] = useState(none);
  const selection = useMemo(() => ({ ids: selected, set: select }), [selected]);
  const active = search.read ?? null;
  const read = useCallback((id: string | null) => change({ read: id ?? undefined }, { replace: !isNarrow || id === null }), [change, isNarrow]);
  const open = useCallback((id: string) => {
    const row = rows.get(id);
    if (row) {
      leaveTrail(shown.ids);
      navigate(caseAddress(row.number));
    }
  }, [rows, navigate, shown.ids]);
  const following = useMemo(() => ({ began: () => select(none), refused: () => void list.read() }), [list]);
  const { commands, menu } = useRowMenu(selected, active, following);
  useCommands(commands);
  useCommands(useMemo<Command[]>(() => [
    { id: 'back', title: t.list.back, group: t.groups.list, keys: 'Escape', possible: selected.size > 0 || active !== null, run: () => (selected.size > 0 ? select(none) : read(null)) },
  ], [t, selected.size, active, read]));
  return (
    <div className={css.reading} data-reads={active !== null || undefined}>
      {(!isNarrow || active === null) && (
        <section className={css.list} aria-label={w.views.list}>
          <Filters search={search} narrow={narrow} people={people?.colleagues ?? []} />
          {selected.size > 0 && (
            <div className={css.bulk} role="toolbar" aria-label={t.list.selected(selected.size)}>
              <span>{t.list.selected(selected.size)}</span>
              {commands.filter((c) => c.does === 'ASSIGN' || c.does === 'CLOSE' || c.does === 'PRIORITISE').map((c) => <Button key={c.id} size="compact-md" variant="default" onClick={c.run}>{c.title}</Button>)}
              <Button size="compact-md" variant="subtle" onClick={() => select(none)}>{t.list.selectNone}</Button>
            </div>
          )}
          <CaseList label={w.views.list} list={list} shown={shown} active={active} activate={read} open={isNarrow ? read : open} selection={selection} menu={menu} empty={t.list.empty} />
        </section>
      )}
      {active !== null && (
        <section className={css.preview} aria-label={t.message.text}>
          <Preview key={active} id={active} back={() => read(null)} open={() => open(active)} />
        </section>
      )}
    </div>
  );
}
