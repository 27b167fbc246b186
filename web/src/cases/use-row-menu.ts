import { useMemo, useState } from 'react';
import type { Following } from '../casework/casework';
import { useCaseCommands, type CaseCommand } from '../casework/may';
import { useOutward } from '../casework/outward';
import { useRow } from '../live/rows';
import { useCommands } from '../shell/commands';
import { useHouse } from '../shell/house';
import type { MenuState } from './list';

/** What commands are about on a screen with a list: the row whose menu is open, else what is selected, else what is read. */
export function useRowMenu(selected: ReadonlySet<string>, active: string | null, following?: Following): {
  targets: readonly string[];
  commands: readonly CaseCommand[];
  menu: MenuState;
} {
  const { rows } = useHouse();
  const [of, open] = useState<string | null>(null);
  const targets = useMemo(() => {
    if (of !== null && !selected.has(of)) {
      return [of];
    }
    return selected.size > 0 ? [...selected] : active === null ? [] : [active];
  }, [of, selected, active]);
  const { commands, known } = useCaseCommands(targets, following);
  useCommands(useOutward(useRow(rows, targets.length === 1 ? targets[0]! : '')));
  const menu = useMemo(() => ({ of, open, known }), [of, known]);
  return { targets, commands, menu };
}
