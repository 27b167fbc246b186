// Days of the house, as 2026-11-22: they begin and end by the clock of Rome.

/** The moment at which a day begins in Rome; some days later if wanted. */
export function startOfDay(day: string, later = 0): Date {
  const utc = new Date(`${addDays(day, later)}T00:00:00Z`);
  const offset = (at: Date): number => {
    const shown = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Rome', timeZoneName: 'longOffset' }).formatToParts(at);
    const [, hours = '0', minutes = '0'] = /GMT\+(\d+):(\d+)/.exec(shown.find((p) => p.type === 'timeZoneName')?.value ?? '') ?? [];
    return (Number(hours) * 60 + Number(minutes)) * 60_000;
  };
  const guess = new Date(utc.getTime() - offset(utc));
  return new Date(utc.getTime() - offset(guess));
}

/** The day that some days follow another. */
export function addDays(day: string, later: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + later);
  return at.toISOString().slice(0, 10);
}

/** How many days lie from one day to another. */
export function daysBetween(from: string, until: string): number {
  return Math.round((Date.parse(`${until}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

const inRome = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Rome' }); // writes 2026-11-22

/** The day of a moment. */
export function dayOf(at: string | Date): string {
  return inRome.format(typeof at === 'string' ? new Date(at) : at);
}

/** The moment at which the week of a day ends: the next Monday begins. */
export function endOfWeek(day: string): Date {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return startOfDay(day, weekday === 0 ? 1 : 8 - weekday);
}

/** How many days with work follow a day, up to another one, which counts. */
export function workingDays(from: string, until: string, free: ReadonlySet<string>): number {
  let n = 0;
  for (let day = addDays(from, 1); day <= until && n < 1_000; day = addDays(day, 1)) {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    if (weekday !== 0 && weekday !== 6 && !free.has(day)) {
      n++;
    }
  }
  return n;
}

/** A day that an address says, if it is one. */
export function dayIn(text: string | undefined): string | undefined {
  return /^\d{4}-\d{2}-\d{2}$/.test(text ?? '') && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) ? text : undefined;
}
