import { useQuery } from '@tanstack/react-query';
import { ask } from '../api/ask';
import { FreeDaysDocument } from '../generated/graphql';

const none: ReadonlySet<string> = new Set();

/** Days of this year and the next on which an office does not work, besides Saturdays and Sundays. */
export function useFreeDays(officeId: string | undefined): ReadonlySet<string> {
  const { data } = useQuery({
    queryKey: ['offices', 'free', officeId],
    queryFn: async ({ signal }) => {
      const year = new Date().getFullYear();
      const { now, next } = await ask(FreeDaysDocument, { year, next: year + 1, officeId }, signal);
      return new Set([...now, ...next].map((d) => d.date));
    },
  });
  return data ?? none;
}
