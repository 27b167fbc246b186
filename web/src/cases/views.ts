// Views that a person has saved: what a list is narrowed by and in which order, under
// a name. The server keeps them, so that the phone has what the desk saved.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { ask } from '../api/ask';
import { told, whyOf } from '../casework/refusal';
import { SavedViewRemoveDocument, SavedViewsDocument, SavedViewSetDocument, type ErrorFragment, type SavedViewShownFragment } from '../generated/graphql';
import { useHouse } from '../shell/house';
import { useToast } from '../shell/toasts';
import { useSpeech } from '../words/words';

export type View = SavedViewShownFragment;
/** The list that a view is of. */
export type Place = View['list'];

/** The addresses of the lists. */
export const addresses: Readonly<Record<Place, string>> = { DESK: '/desk', CASES: '/cases' };

const none: readonly View[] = [];
const key = ['viewer', 'views'];

/** The views that a browser kept before the server did; whatever else stands there is left out. */
export function viewsIn(kept: string | null): readonly View[] {
  try {
    const all: unknown = JSON.parse(kept ?? '[]');
    return Array.isArray(all) ? all.flatMap(viewIn) : none;
  } catch {
    return none;
  }
}

function viewIn(some: unknown): View[] {
  const { name, place, search } = (some ?? {}) as Record<string, unknown>;
  const list = (Object.keys(addresses) as Place[]).find((l) => addresses[l] === place);
  return typeof name === 'string' && name !== '' && typeof search === 'string' && list ? [{ name: name.trim(), list, search }] : [];
}

/** Of views that a browser kept, those of whose name the server has none. */
export function unknownTo(there: readonly View[], kept: readonly View[]): readonly View[] {
  return kept.filter((k) => !there.some((v) => v.list === k.list && v.name === k.name));
}

/** The views of the person who is here. */
export function useViews(place: Place): { views: readonly View[]; save(view: View): Promise<boolean>; remove(view: View): Promise<boolean> } {
  const answers = useQueryClient();
  const toast = useToast();
  const speech = useSpeech();
  const { data } = useQuery({ queryKey: key, queryFn: async ({ signal }) => (await ask(SavedViewsDocument, {}, signal)).viewer.savedViews });

  /** Whether it was done; else the person is told why not. */
  const change = useCallback(async (how: () => Promise<{ savedViews: View[]; userErrors: readonly ErrorFragment[] }>): Promise<boolean> => {
    try {
      const { savedViews, userErrors } = await how();
      answers.setQueryData(key, savedViews);
      if (userErrors.length > 0) {
        toast({ tone: 'trouble', text: told(userErrors, speech) });
      }
      return userErrors.length === 0;
    } catch (failure) {
      toast({ tone: 'trouble', text: whyOf(failure, speech.t) });
      return false;
    }
  }, [answers, toast, speech]);
  const save = useCallback(({ name, list, search }: View) => change(async () => (await ask(SavedViewSetDocument, { input: { name, list, search } })).savedViewSet), [change]);
  const remove = useCallback(({ name, list }: View) => change(async () => (await ask(SavedViewRemoveDocument, { input: { name, list } })).savedViewRemove), [change]);

  useHandingOver(data, save);
  return { views: useMemo(() => data?.filter((v) => v.list === place) ?? none, [data, place]), save, remove };
}

/** Gives the server, once, what this browser kept before; what it does not take stays here. */
function useHandingOver(there: readonly View[] | undefined, save: (view: View) => Promise<boolean>): void {
  const { viewer } = useHouse();
  const place = `smista.views.${viewer.user.id}`;
  const tried = useRef(false);
  useEffect(() => {
    const kept = there && !tried.current ? localStorage.getItem(place) : null;
    if (!there || kept === null) {
      return;
    }
    tried.current = true;
    localStorage.removeItem(place); // first: another page of this browser may be here too
    void (async () => {
      for (const view of unknownTo(there, viewsIn(kept))) {
        if (!await save(view)) {
          localStorage.setItem(place, kept);
          return;
        }
      }
    })();
  }, [there, place, save]);
}
