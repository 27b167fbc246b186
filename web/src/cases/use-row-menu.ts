import { useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import type { Following } from '../casework/casework';
import { useCaseCommands, type CaseCommand } from '../casework/may';
import { words } from '../print/words';
import { caseAddress } from '../shell/address';
import { useCommands } from '../shell/commands';
import { useHouse } from '../shell/house';
import type { Command } from '../shell/keys';
import { useSpeech, useWords } from '../words/words';
import type { MenuState } from './list';

/** What commands are about on a screen with a list: the row whose menu is open, else what is selected, else what is read. */
export function useRowMenu(selected: ReadonlySet<string>, active: string | null, following?: Following): {
  targets: readonly string[];
  commands: readonly CaseCommand[];
  menu: MenuState;
} {
  const { t } = useSpeech();
  const w = useWords(words);
  const { rows } = useHouse();
  const [, navigate] = useLocation();
  const [of, open] = useState<string | null>(null);
  const targets = useMemo(() => {
    if (of !== null && !selected.has(of)) {
      return [of];
    }
    return selected.size > 0 ? [...selected] : active === null ? [] : [active];
  }, [of, selected, active]);
  const { commands, known } = useCaseCommands(targets, following);
  const [one] = targets;
  useCommands(useMemo<Command[]>(() => [{
    id: 'print', title: w.printCase, group: t.groups.case, ofRow: true, possible: targets.length === 1,
    run: () => {
      const row = one === undefined ? undefined : rows.get(one);
      if (row) {
        navigate(`${caseAddress(row.number)}/print`);
      }
    },
  }], [w, t, targets.length, one, rows, navigate]));
  const menu = useMemo(() => ({ of, open, known }), [of, known]);
  return { targets, commands, menu };
}
