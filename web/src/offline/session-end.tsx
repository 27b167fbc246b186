// The end of the session, told before it comes; and signing in again where one is, so
// that nothing that was typed is lost.

import { Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { atSessionEnd, whoIsHere } from '../api/session';
import { useHouse } from '../shell/house';
import { lazy } from '../shell/lazily';
import { useToast } from '../shell/toasts';
import { useSpeech, useWords } from '../words/words';
import { words } from './words';

const SignInAgain = lazy(() => import('./sign-in-again'));

/** Milliseconds before its end at which a session's person is told. */
const ahead = 5 * 60_000;

export function SessionEnd() {
  const t = useWords(words);
  const { dates } = useSpeech();
  const { viewer } = useHouse();
  const toast = useToast();
  const [asked, setAsked] = useState<'ended' | 'ending' | null>(null);
  const [until, setUntil] = useState<string>();
  const waiting = useRef<(() => void)[]>([]);

  const look = useCallback(async () => {
    const here = await whoIsHere().catch(() => null); // its end is told another time
    setUntil(here?.until);
    return here;
  }, []);
  useEffect(() => {
    void look();
    atSessionEnd(() => new Promise((done) => {
      waiting.current.push(done);
      setAsked('ended');
    }));
    return () => atSessionEnd(null);
  }, [look]);

  useEffect(() => {
    if (until === undefined) {
      return undefined;
    }
    const timer = setTimeout(() => toast({
      tone: 'trouble', text: t.sessionEnds(dates.clock(until)), action: { title: t.signInNow, run: () => setAsked('ending') },
    }), Math.max(0, Date.parse(until) - ahead - Date.now()));
    return () => clearTimeout(timer);
  }, [until, toast, t, dates]);

  const entered = useCallback((id: string) => {
    if (id !== viewer.user.id) {
      location.reload(); // somebody else has another client
      return;
    }
    setAsked(null);
    waiting.current.forEach((done) => done());
    waiting.current = [];
    void look();
  }, [viewer, look]);

  useEffect(() => { // in another tab, for instance
    if (asked !== 'ended') {
      return undefined;
    }
    const again = (): void => void look().then((here) => here && entered(here.id));
    addEventListener('focus', again);
    return () => removeEventListener('focus', again);
  }, [asked, look, entered]);

  return <Suspense>{asked && <SignInAgain ended={asked === 'ended'} entered={entered} close={() => setAsked(null)} />}</Suspense>;
}
