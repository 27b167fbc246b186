import { useQuery } from '@tanstack/react-query';
import { ask } from '../api/ask';
import { MyPreferencesDocument } from '../generated/graphql';

/** How the viewer wants to be told. */
export function usePreferences() {
  return useQuery({ queryKey: ['viewer', 'preferences'], queryFn: async ({ signal }) => (await ask(MyPreferencesDocument, {}, signal)).viewer.preferences });
}

/** Minutes since midnight as a time field has them: 07:30. */
export function clockOf(minutes: number): string {
  const within = minutes % (24 * 60);
  return [Math.floor(within / 60), within % 60].map((n) => String(n).padStart(2, '0')).join(':');
}

/** The minutes since midnight of a time; 0 of one that is no time. */
export function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return Number.isNaN(hours + minutes) ? 0 : hours * 60 + minutes;
}
