// A draft on the screen: what was typed and not saved is taken up again, and what
// others do to it is heard.

import type { Editor } from '@tiptap/core';
import { getSchema } from '@tiptap/core';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { ReplyMetaFragment } from '../generated/graphql';
import { useHouse } from '../shell/house';
import { Draft, type Saved, type State } from './draft';
import { textOf } from './html';
import { placeFor, type Kept } from './kept';
import { usePresence } from './presence';
import { extensions } from './schema';
import { readText, serverFor } from './server';
import { load, read } from './text';

/** What a draft says at first, and what was typed in it and not saved. */
export interface First {
  saved: Saved;
  kept: Kept | undefined;
}

export async function firstOf(person: string, reply: string): Promise<First | null> {
  const [saved, kept] = await Promise.all([readText(reply), placeFor(person, reply).get()]);
  return saved && { saved, kept };
}

const schema = getSchema(extensions(() => undefined));
const same = (a: string, b: string): boolean => a === b || textOf(a, schema).eq(textOf(b, schema));

/** Why the person only looks on: who writes, and since when. */
export interface Looking {
  who: string;
  since: string | undefined;
}

export interface DraftOnScreen {
  draft: Draft;
  state: State;
  fields: Draft['fields'];
  looking: Looking | undefined;
  /** When what was taken up again had been typed; nothing when there was none. */
  resumed: string | undefined;
  /** Writes from here on, whoever else does. */
  write(): void;
  /** Forgets what was taken up again. */
  unresume(): Promise<void>;
  /** Reads again what the draft says. */
  renew(): Promise<Saved | null>;
}

export function useDraft(reply: ReplyMetaFragment, first: First, editor: Editor): DraftOnScreen {
  const { viewer } = useHouse();
  const others = reply.editors.filter((e) => e.id !== viewer.user.id);
  const [draft] = useState(() => new Draft(first.saved, serverFor(reply.id), placeFor(viewer.user.id, reply.id), same));
  const [looking, setLooking] = useState<Looking | undefined>(() => (others.length > 0 ? { who: others.map((o) => o.name).join(', '), since: undefined } : undefined));
  const [resumed, setResumed] = useState<string>();
  const state = useSyncExternalStore(draft.watch, () => draft.state);
  const fields = useSyncExternalStore(draft.watch, () => draft.fields);

  useEffect(() => {
    draft.writeFrom(() => read(editor));
    const { kept, saved } = first;
    if (kept && !draft.has(kept.said)) {
      load(editor, kept.said.html, false);
      draft.restore(kept, saved);
      draft.writeFrom(() => read(editor));
      setResumed(kept.at);
    }
    const keep = (): void => void draft.keep();
    window.addEventListener('pagehide', keep);
    document.addEventListener('visibilitychange', keep);
    return () => {
      window.removeEventListener('pagehide', keep);
      document.removeEventListener('visibilitychange', keep);
      draft.stop();
    };
  }, [draft, editor, first]);

  const renew = useCallback(async () => {
    const saved = await readText(reply.id);
    if (saved && !draft.unsaved) {
      load(editor, saved.said.html, false);
      draft.takeUp(saved);
      draft.writeFrom(() => read(editor));
    }
    return saved;
  }, [draft, editor, reply.id]);

  /** Looks whether a version that was heard of is news. */
  const heard = useCallback((version: number, by?: { id: string; name: string }, at?: string) => {
    if (version <= draft.version || draft.unsaved) {
      return; // what is typed here meets it when it is saved
    }
    if (by && by.id !== viewer.user.id) {
      setLooking((before) => before ?? { who: by.name, since: at });
    }
    void renew().catch(() => undefined);
  }, [draft, renew, viewer]);
  useEffect(() => heard(reply.version, reply.editedBy, reply.editedAt), [heard, reply.version, reply.editedBy, reply.editedAt]);
  usePresence(reply.id, looking === undefined, heard);

  // While somebody else writes it is shown as it grows.
  useEffect(() => {
    if (looking === undefined) {
      return undefined;
    }
    const timer = setInterval(() => void renew().catch(() => undefined), 5_000);
    return () => clearInterval(timer);
  }, [looking, renew]);

  const start = useRef(renew);
  start.current = renew;
  return {
    draft, state, fields, looking, resumed, renew,
    write: useCallback(() => void start.current().catch(() => undefined).then(() => setLooking(undefined)), []),
    unresume: useCallback(async () => {
      const saved = await readText(reply.id);
      if (saved) {
        load(editor, saved.said.html, true);
        draft.takeUp(saved);
        draft.writeFrom(() => read(editor));
        setResumed(undefined);
      }
    }, [draft, editor, reply.id]),
  };
}
