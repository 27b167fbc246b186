// Attachments shown in place, over everything else: one after the other, and those of
// attached messages inside of them.

import { ActionIcon, Button, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createContext, Suspense, useContext, useEffect, useMemo, useState } from 'react';
import { useCommands } from '../shell/commands';
import { Icon } from '../shell/icon';
import type { Command } from '../shell/keys';
import { useSpeech, useWords } from '../words/words';
import { NotOpened } from './fetched';
import type { Enclosed } from './kinds';
import { open } from './open';
import { Printing } from './print-sheet';
import css from './viewer.module.css';
import { words } from './words';

interface Level {
  files: readonly Enclosed[];
  at: number;
}

const Inside = createContext<((files: readonly Enclosed[], at: number) => void) | null>(null);

/** Opens attachments of what is shown, from inside of it. */
export function useInside(): (files: readonly Enclosed[], at: number) => void {
  const inside = useContext(Inside);
  if (!inside) {
    throw new Error('outside of <Viewer>');
  }
  return inside;
}

export default function Viewer({ files, first, close }: { files: readonly Enclosed[]; first: number; close: () => void }) {
  const w = useWords(words);
  const { t } = useSpeech();
  const [levels, setLevels] = useState<readonly Level[]>([{ files, at: first }]);
  const { files: here, at } = levels.at(-1)!;
  const file = here[at]!;
  const outer = levels.at(-2);
  const commands = useMemo<Command[]>(() => {
    const go = (to: number): void => setLevels((all) => all.with(-1, { files: here, at: to }));
    return [
      { id: 'attachment-next', title: w.next, group: w.group, keys: 'n', possible: at + 1 < here.length, run: () => go(at + 1) },
      { id: 'attachment-previous', title: w.previous, group: w.group, keys: 'p', possible: at > 0, run: () => go(at - 1) },
      { id: 'attachment-close', title: w.close, group: w.group, keys: 'Escape', run: () => (levels.length > 1 ? setLevels(levels.slice(0, -1)) : close()) },
    ];
  }, [w, here, at, levels, close]);
  const [next, previous, leave] = commands as [Command, Command, Command];
  useCommands(commands, t.groups.everywhere);
  const [before] = useState(() => document.activeElement as HTMLElement | null);
  useEffect(() => () => before?.focus(), [before]);
  const inside = useMemo(() => (list: readonly Enclosed[], i: number) => setLevels((all) => [...all, { files: list, at: i }]), []);
  return (
    <Modal.Root opened fullScreen onClose={close} closeOnEscape={false} transitionProps={{ duration: 0 }}>
      <Modal.Content aria-label={file.name} classNames={{ content: css.content }}>
        <Modal.Body className={css.viewer}>
          <header className={css.head}>
            {outer
              ? <ActionIcon size={44} variant="subtle" aria-label={w.backTo(outer.files[outer.at]!.name)} title={w.backTo(outer.files[outer.at]!.name)} onClick={leave.run}><Icon name="arrowLeft" /></ActionIcon>
              : <ActionIcon size={44} variant="subtle" aria-label={w.close} title={`${w.close} (Esc)`} onClick={close}><Icon name="close" /></ActionIcon>}
            <div className={css.name}>
              <h2>{file.name}</h2>
              <p role="status">{w.place(at + 1, here.length)}</p>
            </div>
            <div className={css.ways} role="group" aria-label={w.group}>
              <Way command={previous} icon="chevronLeft" />
              <Way command={next} icon="chevronRight" />
              <ActionIcon component="a" size={44} variant="subtle" href={file.path} download={file.name} aria-label={w.download} title={w.download}><Icon name="download" /></ActionIcon>
            </div>
          </header>
          <Printing>
            <Inside value={inside}>
              <Opened key={file.path} file={file} />
            </Inside>
          </Printing>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** A button that stays where it is when there is nowhere to go, so that the focus stays too. */
function Way({ command, icon }: { command: Command; icon: 'chevronLeft' | 'chevronRight' }) {
  return (
    <ActionIcon
      size={44}
      variant="subtle"
      aria-disabled={command.possible === false}
      data-disabled={command.possible === false || undefined}
      aria-label={command.title}
      title={`${command.title} (${String(command.keys)})`}
      onClick={() => command.possible !== false && command.run()}
    >
      <Icon name={icon} />
    </ActionIcon>
  );
}

function Opened({ file }: { file: Enclosed }) {
  const w = useWords(words);
  const { t, dates } = useSpeech();
  const [read, setRead] = useState(0);
  const { data, error, refetch } = useQuery({
    queryKey: ['attachment', file.path],
    queryFn: ({ signal }) => open(file, setRead, signal),
    gcTime: 0, // a document does not stay in memory once it is closed
    retry: false,
  });
  if (error) {
    const isGone = error instanceof NotOpened && error.status === 404;
    return (
      <div className={css.told} role="alert">
        <p>{isGone ? w.gone : w.failed}</p>
        {!isGone && <Button variant="default" onClick={() => void refetch()}>{t.tryAgain}</Button>}
      </div>
    );
  }
  const waiting = (
    <div className={css.told} role="status">
      <p>{w.opening(file.name)}</p>
      {file.size > 2_000_000 && <p>{w.read(dates.bytes(read), dates.bytes(file.size))}</p>}
    </div>
  );
  return data ? <Suspense fallback={waiting}><data.kind.View file={file} content={data.content} /></Suspense> : waiting;
}
