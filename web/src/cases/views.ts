// Views that a person has saved: what a list is narrowed by and in which order, under
// a name. They are kept in this browser, apart for each person who signs in.

import { useLocalStorage } from '@mantine/hooks';
import { useCallback, useMemo } from 'react';
import { useHouse } from '../shell/house';

/** The screen that a view is of. */
export type Place = '/desk' | '/cases';

export interface View {
  name: string;
  place: Place;
  /** What the address says after its question mark. */
  search: string;
}

const none: readonly View[] = [];

/** The views that are kept under a text; whatever else stands there is left out. */
export function viewsIn(kept: string | undefined): readonly View[] {
  try {
    const all: unknown = JSON.parse(kept ?? '[]');
    return Array.isArray(all) ? all.filter(isView) : none;
  } catch {
    return none;
  }
}

function isView(some: unknown): some is View {
  const { name, place, search } = (some ?? {}) as Record<string, unknown>;
  return typeof name === 'string' && name !== '' && typeof search === 'string' && (place === '/desk' || place === '/cases');
}

/** With one more; one of the same name is replaced. */
export function withView(views: readonly View[], added: View): readonly View[] {
  return [...views.filter((v) => v.place !== added.place || v.name !== added.name), added].toSorted((a, b) => a.name.localeCompare(b.name));
}

/** The views of the person who is here. */
export function useViews(place: Place): { views: readonly View[]; save(view: View): void; remove(view: View): void } {
  const { viewer } = useHouse();
  const [all, setAll] = useLocalStorage<readonly View[]>({
    key: `smista.views.${viewer.user.id}`, defaultValue: none, getInitialValueInEffect: false, deserialize: viewsIn,
  });
  const save = useCallback((view: View) => setAll((now) => withView(now, view)), [setAll]);
  const remove = useCallback((view: View) => setAll((now) => now.filter((v) => v.place !== view.place || v.name !== view.name)), [setAll]);
  const views = useMemo(() => all.filter((v) => v.place === place), [all, place]);
  return { views, save, remove };
}
