// Who else has a case open: said while one has it open oneself, and heard by events.

import { useEffect } from 'react';
import { ask } from '../api/ask';
import { CaseLookAtDocument, CaseLookAwayDocument } from '../generated/graphql';

/** Milliseconds after which a case counts as looked at: who only passes by says nothing. */
const passing = 700;
/** Milliseconds after which it is said again; the server believes it for 45 s. */
const again = 20_000;

/** Says that the case is open here for as long as it is, and the page is seen. */
export function useLooking(id: string, mayLook: boolean): void {
  useEffect(() => {
    if (!mayLook) {
      return undefined;
    }
    let said = false;
    const say = (): void => {
      if (document.visibilityState === 'visible') {
        said = true;
        ask(CaseLookAtDocument, { id }).catch(() => undefined); // said again soon
      }
    };
    const first = setTimeout(say, passing);
    const timer = setInterval(say, again);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
      if (said) {
        ask(CaseLookAwayDocument, { id }).catch(() => undefined); // it ends by itself
      }
    };
  }, [id, mayLook]);
}
