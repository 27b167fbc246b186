import { NativeSelect } from '@mantine/core';
import { useLocation } from 'wouter';
import type { Said } from '../shell/address';
import { useWords } from '../words/words';
import { words } from './filter-words';
import { viewOf } from './saved-views';
import { addresses, useViews, type Place } from './views';

/** Saved views where there is room for one line alone. */
export default function ViewsChoice({ place, search }: { place: Place; search: Said }) {
  const w = useWords(words);
  const [, navigate] = useLocation();
  const { views } = useViews(place);
  const now = viewOf(search);
  return views.length === 0 ? null : (
    <NativeSelect
      aria-label={w.views}
      data={[{ value: '', label: w.views }, ...views.map((v) => ({ value: v.name, label: v.name }))]}
      value={views.find((v) => v.search === now)?.name ?? ''}
      size="md"
      onChange={(e) => navigate(addresses[place] + (views.find((v) => v.name === e.currentTarget.value)?.search ?? ''))}
    />
  );
}
