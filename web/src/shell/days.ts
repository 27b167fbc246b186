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
export function dayOf(at: Date): string {
  return inRome.format(at);
}

/** A day that an address says, if it is one. */
export function dayIn(text: string | undefined): string | undefined {
  return /^\d{4}-\d{2}-\d{2}$/.test(text ?? '') && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) ? text : undefined;
}
