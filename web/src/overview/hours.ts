import type { Speech } from '../words/words';
import type { words } from './words';

/** How long something took: in hours up to two days, then in days with one decimal. */
export function took(hours: number | null, w: typeof words.it, dates: Speech['dates']): string {
  if (hours === null) {
    return '–';
  }
  if (hours < 1) {
    return w.lessThanAnHour;
  }
  if (hours < 48) {
    return w.hours(hours, dates.number(hours));
  }
  const days = Math.round(hours / 2.4) / 10;
  return w.days(days, dates.number(days));
}

/** How long something has waited until now. */
export function waited(since: string, now: Date, w: typeof words.it, dates: Speech['dates']): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - Date.parse(since)) / 60_000));
  return minutes < 60 ? w.minutes(minutes) : took(Math.floor(minutes / 60), w, dates);
}
