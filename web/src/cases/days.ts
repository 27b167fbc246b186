// Days as terms count them: by the calendar of Rome, without those on which nobody works.

import { startOfDay } from './search';

const zone = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Rome', year: 'numeric', month: '2-digit', day: '2-digit' });

/** The day of a moment in Rome, as 2026-11-22. */
export function dayOf(at: string | Date): string {
  return zone.format(typeof at === 'string' ? new Date(at) : at);
}

/** The day some days later. */
export function later(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** The moment at which the week of a day ends: the next Monday begins. */
export function endOfWeek(day: string): Date {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return startOfDay(day, weekday === 0 ? 1 : 8 - weekday);
}

/** How many days with work follow a day, up to another one, which counts. */
export function workingDays(from: string, until: string, free: ReadonlySet<string>): number {
  let n = 0;
  for (let day = later(from, 1); day <= until && n < 1_000; day = later(day, 1)) {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    if (weekday !== 0 && weekday !== 6 && !free.has(day)) {
      n++;
    }
  }
  return n;
}
