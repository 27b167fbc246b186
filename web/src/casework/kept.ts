// What is being typed outlives everything but being sent: dialogs that close, pages
// that are left, a reload. Signing out forgets it.

import { useCallback, useState } from 'react';

/** A text under a key, as useState has it, and how to forget it. */
export function useKept(key: string): [string, (text: string) => void, () => void] {
  const name = `smista.kept.${key}`;
  const [text, setText] = useState(() => sessionStorage.getItem(name) ?? '');
  const keep = useCallback((typed: string) => {
    setText(typed);
    sessionStorage.setItem(name, typed);
  }, [name]);
  const forget = useCallback(() => {
    setText('');
    sessionStorage.removeItem(name);
  }, [name]);
  return [text, keep, forget];
}
