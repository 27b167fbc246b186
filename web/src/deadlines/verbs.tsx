// What is said of a thing that the configuration or people keep, and what can be
// done with it.

import { Button } from '@mantine/core';
import type { SettingOrigin } from '../generated/graphql';
import { useWords } from '../words/words';
import css from './deadlines.module.css';
import { words } from './words';

export function Keeper({ origin, holds = true }: { origin: SettingOrigin; holds?: boolean }) {
  const w = useWords(words);
  return <span className={css.keeper}>{origin === 'PEOPLE' ? w.kept.here : w.kept.file}{!holds && ` (${w.kept.replaced})`}</span>;
}

/** Undefined for what cannot be done. */
export function Verbs({ name, edit, remove }: { name: string; edit?: () => void; remove?: () => void }) {
  const w = useWords(words);
  return (
    <span className={css.verbs}>
      {edit && <Button variant="default" size="compact-sm" aria-label={w.kept.editOf(name)} onClick={edit}>{w.kept.edit}</Button>}
      {remove && <Button variant="default" size="compact-sm" aria-label={w.kept.removeOf(name)} onClick={remove}>{w.kept.remove}</Button>}
    </span>
  );
}
