// What a list is narrowed by, above it: words to search by first; the rest folds away
// where there is little room.

import { ActionIcon, Button } from '@mantine/core';
import { useMemo, useState, type ReactNode } from 'react';
import { useCommands } from '../shell/commands';
import { Icon } from '../shell/icon';
import type { Command } from '../shell/keys';
import { useSpeech, useWords } from '../words/words';
import { useDensity } from './density';
import css from './filter-bar.module.css';
import { SearchField } from './search-field';
import { words } from './filter-words';

export function FilterBar({ id, text, ask, narrowedBy, children }: {
  /** Of the field to search by. */
  id: string;
  text: string | undefined;
  ask(text: string | undefined): void;
  /** How many of the fields narrow the list. */
  narrowedBy: number;
  children: ReactNode;
}) {
  const { t } = useSpeech();
  const w = useWords(words);
  const [unfolded, unfold] = useState(false);
  const [density, setDensity] = useDensity();
  const title = density === 'compact' ? w.roomy : w.compact;
  useCommands(useMemo<Command[]>(() => [
    { id: 'search', title: t.desk.search, group: t.groups.list, keys: { simple: '/', gmail: '/' }, run: () => document.getElementById(id)?.focus() },
    { id: 'density', title, group: t.groups.list, run: () => setDensity(density === 'compact' ? 'roomy' : 'compact') },
  ], [t, id, title, density, setDensity]));
  return (
    <form className={css.bar} role="search" onSubmit={(e) => e.preventDefault()}>
      <SearchField id={id} text={text ?? ''} ask={ask} />
      <Button className={css.fold} variant="default" aria-expanded={unfolded} aria-controls={`${id}-fields`} onClick={() => unfold(!unfolded)}>{w.filters(narrowedBy)}</Button>
      <div id={`${id}-fields`} className={css.fields} data-folded={!unfolded || undefined}>{children}</div>
      <ActionIcon className={css.density} size="lg" variant="default" aria-label={title} title={title} onClick={() => setDensity(density === 'compact' ? 'roomy' : 'compact')}>
        <Icon name={density === 'compact' ? 'roomy' : 'compact'} />
      </ActionIcon>
    </form>
  );
}
