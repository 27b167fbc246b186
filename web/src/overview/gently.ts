// Figures of many cases are dear to count: they are asked for again some seconds
// after something happened, however much happened.

import { useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useEffect } from 'react';
import { topicsOf } from '../live/topics';
import { useHouse } from '../shell/house';

/** Asks again for what stands under a key, at most once in so many milliseconds, when counts may have changed. */
export function useGently(key: QueryKey, pause: number): void {
  const { register } = useHouse();
  const answers = useQueryClient();
  const text = JSON.stringify(key);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = register.listen({
      happened: (event) => {
        if (topicsOf(event).some(([topic]) => topic === 'counts')) {
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
  }, [register, answers, text, pause]);
}
