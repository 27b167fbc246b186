// What stands between the head of a draft and its text: who else is in it, what was
// taken up again, and two texts that met.

import { Button } from '@mantine/core';
import type { Editor } from '@tiptap/core';
import type { ReactNode } from 'react';
import { MessageText } from '../message/text';
import { Icon } from '../shell/icon';
import { useToast } from '../shell/toasts';
import { useSpeech, useWords } from '../words/words';
import type { State } from './draft';
import { shownOf } from './preview';
import css from './reply.module.css';
import { append, load, read } from './text';
import type { DraftOnScreen } from './use-draft';
import { words } from './words';

/** How safe what was typed is, in a few words. */
export function SavedState({ state }: { state: State }): ReactNode {
  const w = useWords(words);
  const { dates } = useSpeech();
  const text = {
    saved: () => w.saved(dates.clock((state as { at: string }).at)), typing: () => w.typing, saving: () => w.saving, lost: () => w.lost,
    refused: () => w.notSaved((state as { message: string }).message), conflict: () => '',
  }[state.kind]();
  return <p className={css.saved} data-state={state.kind} role={state.kind === 'lost' || state.kind === 'refused' ? 'alert' : undefined}>{text}</p>;
}

export function Notices({ reply, on, editor, me, others }: { reply: string; on: DraftOnScreen; editor: Editor; me: string; others: string }): ReactNode {
  const w = useWords(words);
  const { dates } = useSpeech();
  const { looking, resumed, state } = on;
  return (
    <>
      {looking && (
        <div className={css.alert} role="status">
          <strong><Icon name="eye" /> {looking.since ? w.takenOver(looking.who, dates.clock(looking.since)) : w.beingWritten(looking.who)}</strong>
          <Button size="compact-md" variant="default" onClick={on.write}>{w.writeAnyway}</Button>
        </div>
      )}
      {!looking && others !== '' && <div className={css.alert} role="status"><span><Icon name="eye" /> {w.alsoOpen(others)}</span></div>}
      {resumed && state.kind !== 'conflict' && (
        <div className={css.alert} role="status">
          <span><Icon name="clock" /> {w.resumed(dates.clock(resumed))}</span>
          <Button size="compact-md" variant="default" onClick={() => void on.unresume().catch(() => undefined)}>{w.backToSaved}</Button>
        </div>
      )}
      {state.kind === 'conflict' && <Conflict reply={reply} on={on} state={state} editor={editor} me={me} />}
    </>
  );
}

function Conflict({ reply, on: { draft }, state: { theirs, message }, editor, me }: { reply: string; on: DraftOnScreen; state: Extract<State, { kind: 'conflict' }>; editor: Editor; me: string }) {
  const w = useWords(words);
  const { t, dates } = useSpeech();
  const toast = useToast();
  const who = theirs.by === me ? w.you : theirs.by;
  const take = (): void => {
    const mine = read(editor);
    const { html: _, ...fields } = { ...draft.fields, html: '' };
    load(editor, theirs.said.html, true);
    draft.takeUp(theirs);
    draft.writeFrom(() => read(editor));
    toast({
      text: w.theirsTaken,
      undo: () => {
        load(editor, mine, true);
        draft.change(fields);
      },
    });
  };
  return (
    <div className={css.conflict} role="alert" title={message || undefined}>
      <strong><Icon name="alert" /> {w.conflict(who, dates.clock(theirs.at))}</strong>
      <details>
        <summary>{w.theirText(who)}: {theirs.said.subject || t.noSubject}</summary>
        <MessageText {...shownOf(reply, { size: 0 })} />
      </details>
      <div className={css.buttons}>
        <Button size="compact-md" onClick={() => draft.keepMine()}>{w.keepMine}</Button>
        <Button size="compact-md" variant="default" onClick={take}>{w.takeTheirs(who)}</Button>
        <Button size="compact-md" variant="default" onClick={() => {
          append(editor, theirs.said.html);
          draft.keepMine();
          draft.change();
        }}>{w.keepBoth}</Button>
      </div>
    </div>
  );
}
