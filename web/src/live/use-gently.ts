// What is dear to read is read again some time after something happened, however
// much happened.

import { useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useEffect } from 'react';
import { topicsOf, type Topic } from './topics';
import { useHouse } from '../shell/house';

/** Asks again for what stands under a key, at most once in so many milliseconds, when something happened that a topic is about. */
export function useGently(key: QueryKey, pause: number, about: Topic[0]): void {
  const { register } = useHouse();
  const answers = useQueryClient();
  const text = JSON.stringify(key);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = register.listen({
      happened: (event) => {
        if (topicsOf(event).some(([topic]) => topic === about)) {
          timer ??= setTimeout(() => {
            timer = undefined;
            void answers.invalidateQueries({ queryKey: JSON.parse(text) as QueryKey });
          }, pause);
        }
      },
      reset: () => undefined, // then all answers are old anyway
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [register, answers, text, pause, about]);
}
