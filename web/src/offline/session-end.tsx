// The end of the session, told before it comes; and signing in again where one is, so
// that nothing that was typed is lost.

import { Button } from '@mantine/core';
import { Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { clock } from '../api/clock';
import { atSessionEnd, whoIsHere } from '../api/session';
import { useHouse } from '../shell/house';
import { Icon } from '../shell/icon';
import { lazy } from '../shell/lazily';
import { useToast } from '../shell/toasts';
import { useSpeech, useWords } from '../words/words';
import css from './offline.module.css';
import { words } from './session-words';

const SignInAgain = lazy(() => import('./sign-in-again'));

/** Milliseconds without a key after which nobody is in the middle of a word. */
const pause = 3_000;

/** Milliseconds before its end at which a session's person is told. */
const ahead = 5 * 60_000;
/** Milliseconds that a timer can wait: one that is longer would ring at once. */
const longest = 2 ** 31 - 1;

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
    }), Math.min(longest, Math.max(0, Date.parse(until) - ahead - clock.now())));
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

  const [isQuiet, enterNow] = usePause(asked === 'ended');
  if (asked === 'ended' && !isQuiet) { // what is being typed must not go on in the field of the password
    return (
      <p className={css.bar} data-tone="trouble" role="alert">
        <Icon name="warning" /> <span>{t.sessionEnded}. {t.sessionEndedTold}</span>
        <Button size="compact-md" onClick={enterNow}>{t.signInNow}</Button>
      </p>
    );
  }
  return <Suspense>{asked && <SignInAgain ended={asked === 'ended'} entered={entered} close={() => setAsked(null)} />}</Suspense>;
}

/** Whether the keyboard rests, once that is asked; and how not to wait for it. */
function usePause(asked: boolean): [boolean, () => void] {
  const pressedAt = useRef(-Infinity);
  const [isQuiet, setQuiet] = useState(false);
  useEffect(() => {
    const press = (): void => {
      pressedAt.current = performance.now();
    };
    addEventListener('keydown', press, true);
    return () => removeEventListener('keydown', press, true);
  }, []);
  useEffect(() => {
    if (!asked) {
      setQuiet(false);
      return undefined;
    }
    const look = (): void => setQuiet((before) => before || performance.now() - pressedAt.current >= pause);
    look();
    const timer = setInterval(look, 250);
    return () => clearInterval(timer);
  }, [asked]);
  return [isQuiet, useCallback(() => setQuiet(true), [])];
}
