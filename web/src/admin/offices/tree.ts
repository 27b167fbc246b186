// Offices below each other: in which order they stand, how deep, and below which one
// of them an office may be put.

import { groupBy } from '../../shell/group-by';

export interface Placed<O> {
  office: O;
  /** How many stand above it. */
  depth: number;
}

interface Standing {
  id: string;
  name: string;
  parent: { id: string } | null;
}

/** Each office before those below it, side by side by name. What stands in a ring, or below one that is not seen, stands at the top. */
export function treeOf<O extends Standing>(offices: readonly O[]): Placed<O>[] {
  const below = groupBy(offices, (o) => o.parent?.id ?? '');
  const known = new Set(offices.map((o) => o.id));
  const placed: Placed<O>[] = [];
  const done = new Set<string>();
  const place = (list: readonly O[], depth: number): void => {
    for (const office of list.toSorted((a, b) => a.name.localeCompare(b.name, 'it'))) {
      if (!done.has(office.id)) {
        done.add(office.id);
        placed.push({ office, depth });
        place(below.get(office.id) ?? [], depth + 1);
      }
    }
  };
  place(offices.filter((o) => !o.parent || !known.has(o.parent.id)), 0);
  place(offices, 0);
  return placed;
}

/** The offices below one, however deep, and itself. */
export function withBelow(id: string, offices: readonly Standing[]): ReadonlySet<string> {
  const found = new Set([id]);
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    offices.forEach((o) => o.parent && found.has(o.parent.id) && found.add(o.id));
  }
  return found;
}
