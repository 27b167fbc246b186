import type { Sight } from './sight';
import type { PeopleWords } from './words';

/** What a person sees, in a sentence. */
export function said(s: Sight, w: PeopleWords, day: (at: string) => string): string {
  switch (s.what) {
    case 'leads':
      return w.sees.leads(s.office, s.below, s.isDeputy, s.until ? day(s.until) : '');
    case 'works':
      return w.sees.works(s.office, s.own, s.mayTake);
    case 'inherits':
      return w.sees.inherits(s.offices);
    case 'later':
      return w.sees.later(s.office, day(s.from));
    default:
      return w.sees[s.what];
  }
}
