// The ⋯ of a row, a card or a page: the commands that its case takes, each with its
// key. What may be done is asked when the menu opens.

import { ActionIcon } from '@mantine/core';
import { Suspense, useRef, useState } from 'react';
import { Icon } from '../shell/icon';
import type { Command } from '../shell/keys';
import { lazy } from '../shell/lazily';
import type { Spot } from '../shell/menu-at';
import { useWords } from '../words/words';
import type { Following } from './casework';
import type { CaseCommand } from './may';
import { words } from './words';

const OpenMenu = lazy(() => import('./open-menu'));

export interface CaseMenuProps {
  id: string;
  number: string;
  /** The commands of the case, where the screen has them already. */
  commands?: readonly CaseCommand[];
  /** Commands of the screen that stand before those of the case. */
  before?: readonly Command[];
  /** Ids of commands that have a button beside the menu. */
  except?: ReadonlySet<string>;
  following?: Following;
}

export function CaseMenu({ size = 'lg', ...menu }: CaseMenuProps & { size?: 'md' | 'lg' | 'xl' }) {
  const w = useWords(words);
  const button = useRef<HTMLButtonElement>(null);
  const [at, setAt] = useState<Spot | null>(null);
  return (
    <>
      <ActionIcon
        ref={button} size={size} variant="default" aria-label={w.of(menu.number)} title={w.more} aria-haspopup="menu" aria-expanded={at !== null}
        onClick={(e) => {
          e.stopPropagation();
          const { right, bottom } = e.currentTarget.getBoundingClientRect();
          setAt({ x: right, y: bottom });
        }}
      >
        <Icon name="dots" />
      </ActionIcon>
      <Suspense>
        {at && (
          <OpenMenu {...menu} at={at} close={() => {
            setAt(null);
            button.current?.focus();
          }} />
        )}
      </Suspense>
    </>
  );
}
