// What was typed and not saved is kept in this tab, for each rule and for a new one.

import { fresh } from './condition';
import type { Draft, Seen } from './draft';

interface Unsaved {
  draft: Draft;
  seen: Seen;
}

const nameOf = (id: string | undefined): string => `smista.rule.${id ?? 'new'}`;

export function unsaved(id: string | undefined): Unsaved | null {
  const text = sessionStorage.getItem(nameOf(id));
  if (text === null) {
    return null;
  }
  const kept = JSON.parse(text) as Unsaved;
  return { ...kept, draft: { ...kept.draft, root: fresh(kept.draft.root) } };
}

export function keepUnsaved(id: string | undefined, what: Unsaved): void {
  sessionStorage.setItem(nameOf(id), JSON.stringify(what));
}

export function forget(id: string | undefined): void {
  sessionStorage.removeItem(nameOf(id));
}
