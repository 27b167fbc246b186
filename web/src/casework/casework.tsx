// What people do to cases, the same from everywhere: keys, menus, buttons and the
// palette all begin it here. An act is shown at once, told when it is done, taken
// back by one key; who was slower is told who was faster, and may do it anyway.

import { useQueryClient } from '@tanstack/react-query';
import { createContext, Suspense, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import { ask, Unreachable } from '../api/ask';
import { CasesBulkDocument } from '../generated/graphql';
import type { Row } from '../live/rows';
import { canWait } from '../offline/queue';
import { useWaiting } from '../offline/queued';
import { useHouse } from '../shell/house';
import { lazy } from '../shell/lazily';
import { useToast } from '../shell/toasts';
import { useSpeech, useWords } from '../words/words';
import { bulkOf, command, presumed, undoOf, type Act, type Doing, type Named, type Seen } from './acts';
import { refusalOf, told, whyOf, type Refusal } from './refusal';
import { words, type CaseworkWords } from './words';

const Asking = lazy(() => import('./asking'));

/** What a screen wants to know of what is done on it. */
export interface Following {
  /** It is being done: shown as if it were done already. */
  began?(act: Act, ids: readonly string[]): void;
  /** It was not done after all, for some of them at least. */
  refused?(): void;
}

/** An act that lacks something which only the person can say. */
export interface Wanted {
  does: Doing;
  ids: readonly string[];
  /** What it is about beside the case: the inquiry that is answered. */
  inquiry?: string;
  following: Following;
}

interface Casework {
  /** Begins a command: does it, or asks first for what it takes. */
  begin(does: Doing, ids: readonly string[], more?: Following & { inquiry?: string }): void;
  /** Gives an act on one case, or on many, as they were seen. Nothing when it was done, else why not. */
  give(act: Act, cases: readonly Seen[], following?: Following): Promise<Refusal | null>;
}

const Context = createContext<Casework | null>(null);

export function useCasework(): Casework {
  const casework = useContext(Context);
  if (!casework) {
    throw new Error('outside of <Casework>');
  }
  return casework;
}

/** Acts that need nothing more to be said. */
const plain = new Set<Doing>(['TAKE', 'UNRESERVE', 'UNMERGE', 'FOLLOW', 'UNFOLLOW', 'CLAIM', 'WANT_CLAIM', 'RELEASE']);
/** The most that one command may be given on. */
const atOnce = 500;

export function Casework({ children }: { children: ReactNode }) {
  const [wanted, want] = useState<Wanted | null>(null);
  const give = useGiving();
  const { rows } = useHouse();
  const toast = useToast();
  const w = useWords(words);
  const begin = useCallback((does: Doing, ids: readonly string[], { inquiry, ...following }: Following & { inquiry?: string } = {}) => {
    if (!plain.has(does)) {
      want({ does, ids, inquiry, following });
      return;
    }
    const act = { does } as Act;
    const insist = (cases: readonly Seen[]): void => void give(act, cases, following).then((refusal) => {
      if (refusal) {
        const version = refusal.version;
        toast({
          tone: 'trouble', text: w.refused(w.acts[does], refusal.text),
          action: version !== undefined && cases.length === 1 ? { title: w.anyway(w.acts[does]), run: () => insist([{ id: cases[0]!.id, version }]) } : undefined,
        });
      }
    });
    insist(ids.map((id) => rows.get(id)).filter((r): r is Row => r !== undefined));
  }, [give, rows, toast, w]);
  const casework = useMemo(() => ({ begin, give }), [begin, give]);
  return (
    <Context value={casework}>
      {children}
      <Suspense>{wanted && <Asking wanted={wanted} close={() => want(null)} />}</Suspense>
    </Context>
  );
}

function useGiving(): Casework['give'] {
  const { rows, viewer } = useHouse();
  const answers = useQueryClient();
  const toast = useToast();
  const speech = useSpeech();
  const w = useWords(words);
  const waiting = useWaiting();
  const me = viewer.user;

  const giveOne = useCallback(async (act: Act, seen: Seen, { began, refused }: Following): Promise<Refusal | null> => {
    const before = rows.get(seen.id);
    const unpresume = before ? rows.presume(seen.id, presumed(act, before, me)) : () => undefined;
    began?.(act, [seen.id]);
    try {
      const { case: now, userErrors } = await command(act, seen);
      if (userErrors.length > 0) {
        unpresume();
        if (now) {
          rows.put(now);
        }
        refused?.();
        return refusalOf(userErrors, now, speech, w);
      }
      if (now) {
        rows.put(now);
      }
      const undo = before && undoOf(act, before, now?.mayDo ?? [], w.takenBack);
      toast({
        text: sayDone(act, w),
        undo: undo ? () => void giveOne(undo, rows.get(seen.id) ?? seen, {}).then((refusal) => {
          if (refusal) {
            toast({ tone: 'trouble', text: w.refused(speech.t.undo, refusal.text) });
          }
        }) : undefined,
      });
      return null;
    } catch (failure) {
      unpresume();
      refused?.();
      if (failure instanceof Unreachable && canWait(act) && before) {
        await waiting(act, [{ ...before, version: seen.version }]);
        return null;
      }
      return { text: whyOf(failure, speech.t) };
    } finally {
      void answers.invalidateQueries({ queryKey: ['case', seen.id] });
      void answers.invalidateQueries({ queryKey: ['counts'] });
    }
  }, [rows, me, toast, speech, w, answers, waiting]);

  const giveMany = useCallback(async (act: Act, cases: readonly Seen[], { began, refused }: Following): Promise<Refusal | null> => {
    const input = bulkOf(act);
    if (!input) {
      throw new Error(`${act.does} is done to one case at a time`);
    }
    began?.(act, cases.map((c) => c.id));
    const troubles: string[] = [];
    let done = 0;
    for (let at = 0; at < cases.length; at += atOnce) {
      const some = cases.slice(at, at + atOnce).map(({ id, version }) => ({ caseId: id, version }));
      try {
        const { casesBulk: made } = await ask(CasesBulkDocument, { input: { ...input, cases: some } });
        troubles.push(...made.userErrors.map((e) => e.message), ...made.outcomes.filter((o) => !o.done).map((o) => told(o.userErrors, speech)));
        done += made.outcomes.filter((o) => o.done).length;
      } catch (failure) {
        troubles.push(whyOf(failure, speech.t));
      }
    }
    void answers.invalidateQueries({ queryKey: ['case'] });
    void answers.invalidateQueries({ queryKey: ['counts'] });
    if (done > 0) {
      toast({ text: `${sayDone(act, w)} · ${w.many(done)}` });
    }
    if (troubles.length === 0) {
      return null;
    }
    refused?.();
    return { text: w.partly(done, cases.length, [...new Set(troubles)].join('; ')) };
  }, [toast, speech, w, answers]);

  return useCallback(
    (act, cases, following = {}) => (cases.length === 1 ? giveOne(act, cases[0]!, following) : giveMany(act, cases, following)),
    [giveOne, giveMany],
  );
}

function sayDone(act: Act, w: CaseworkWords): string {
  const names = (all: readonly Named[]): string => all.map((n) => n.name).join(', ');
  switch (act.does) {
    case 'SORT': return w.done.SORT(act.office.name);
    case 'ASSIGN': return w.done.ASSIGN((act.standsIn ?? act.person).name);
    case 'CLOSE': return w.done.CLOSE(w.outcomes[act.outcome]);
    case 'PRIORITISE': return w.done.PRIORITISE(w.priorities[act.priority]);
    case 'INFORM': return w.done.INFORM(names(act.offices));
    case 'MERGE': return w.done.MERGE(act.into.number);
    default: return w.done[act.does]();
  }
}
