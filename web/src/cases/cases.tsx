// All cases that the viewer may see: found, narrowed, read.

import { Button, NativeSelect, TextInput, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useCallback, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { leaveTrail } from '../casework/trail';
import { useLiveList } from '../live/use-list';
import { caseAddress, useAddress } from '../shell/address';
import { useCommands } from '../shell/commands';
import { useHouse, useOffices, useRoles } from '../shell/house';
import { Icon } from '../shell/icon';
import type { Command } from '../shell/keys';
import { useTitle } from '../shell/title';
import { useSpeech, useWords } from '../words/words';
import css from './cases.module.css';
import { Chips } from './chips';
import { FilterBar } from './filter-bar';
import { CaseList } from './list';
import { Preview } from './preview';
import SavedViews from './saved-views';
import { groupNames, orders, questionOf, readCasesSearch, statuses, urgencies, type CasesSearch } from './search';
import { useRowMenu } from './use-row-menu';
import { words } from './filter-words';

const nobody: ReadonlySet<string> = new Set();

export function Cases() {
  const { t } = useSpeech();
  useTitle(t.places.cases);
  const { rows } = useHouse();
  const { works } = useRoles();
  const [search, change] = useAddress(readCasesSearch);
  const [, navigate] = useLocation();
  const isNarrow = useMediaQuery('(max-width: 60em)') ?? false;
  const { list, shown } = useLiveList(questionOf(search));
  const [selected, setSelected] = useState(nobody);
  const selection = useMemo(() => ({ ids: selected, set: setSelected }), [selected]);
  const active = search.read ?? null;
  const read = useCallback((id: string | null) => {
    change({ read: id ?? undefined }, { replace: !isNarrow || id === null });
  }, [change, isNarrow]);
  const narrow = useCallback((some: Partial<CasesSearch>) => change({ read: undefined, ...some }, { replace: true }), [change]);
  const open = useCallback((id: string) => {
    const row = rows.get(id);
    if (row) {
      leaveTrail(shown.ids);
      navigate(caseAddress(row.number));
    }
  }, [navigate, rows, shown.ids]);
  const { commands, menu } = useRowMenu(selected, active);
  useCommands(commands);
  useCommands(useMemo<Command[]>(() => [
    { id: 'back', title: t.list.back, group: t.groups.list, keys: 'Escape', possible: active !== null, run: () => read(null) },
  ], [t, active, read]));
  return (
    <div className={css.cases} data-reads={active !== null || undefined}>
      <VisuallyHidden component="h1">{t.cases.title}</VisuallyHidden>
      {(!isNarrow || active === null) && (
        <section className={css.list} aria-label={t.cases.title}>
          <Filters search={search} narrow={narrow} />
          <div className={css.found}>
            <Chips search={search} narrow={narrow} />
            <div className={css.views}>
              {works.length > 0 && <Button size="compact-md" variant="subtle" leftSection={<Icon name="pen" size={14} />} onClick={() => navigate('/cases/new')}>{t.writeNew}</Button>}
              <SavedViews place="CASES" search={{ ...search }} filterOf={(said) => questionOf(readCasesSearch(said)).filter} />
            </div>
          </div>
          <CaseList label={t.cases.title} list={list} shown={shown} active={active} activate={read} open={isNarrow ? read : open} selection={selection} menu={menu} empty={t.list.empty} />
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

function Filters({ search, narrow }: { search: CasesSearch; narrow(change: Partial<CasesSearch>): void }) {
  const { t } = useSpeech();
  const w = useWords(words);
  const offices = useOffices();
  return (
    <FilterBar id="cases-search" text={search.text} ask={(text) => narrow({ text })} narrowedBy={[search.status, search.office, search.urgency, search.from, search.until].filter(Boolean).length}>
      <NativeSelect
        aria-label={t.message.status} value={search.status ?? ''}
        data={[{ value: '', label: t.cases.anyStatus }, ...groupNames.map((g) => ({ value: g, label: w[g] })), ...statuses.map((s) => ({ value: s, label: t.statuses[s] }))]}
        onChange={(e) => narrow({ status: [...statuses, ...groupNames].find((s) => s === e.currentTarget.value) })}
      />
      <NativeSelect
        aria-label={t.message.office} value={search.office ?? ''}
        data={[{ value: '', label: t.cases.anyOffice }, ...offices.map((o) => ({ value: o.id, label: o.name }))]}
        onChange={(e) => narrow({ office: e.currentTarget.value || undefined })}
      />
      <NativeSelect
        aria-label={t.cases.urgency} value={search.urgency ?? ''}
        data={[{ value: '', label: t.cases.anyUrgency }, ...urgencies.map((u) => ({ value: u, label: t.urgencies[u] }))]}
        onChange={(e) => narrow({ urgency: urgencies.find((u) => u === e.currentTarget.value) })}
      />
      <TextInput type="date" aria-label={t.cases.from} leftSection={<small aria-hidden>{w.from}</small>} leftSectionWidth={40} value={search.from ?? ''} onChange={(e) => narrow({ from: e.currentTarget.value || undefined })} />
      <TextInput type="date" aria-label={t.cases.until} leftSection={<small aria-hidden>{w.until}</small>} leftSectionWidth={40} value={search.until ?? ''} onChange={(e) => narrow({ until: e.currentTarget.value || undefined })} />
      <NativeSelect
        aria-label={t.cases.order} value={search.order ?? 'RECEIVED_AT'}
        data={orders.map((o) => ({ value: o, label: t.cases.orders[o] }))}
        onChange={(e) => narrow({ order: orders.find((o) => o === e.currentTarget.value && o !== 'RECEIVED_AT') })}
      />
    </FilterBar>
  );
}
