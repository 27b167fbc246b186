// How long a term is, as the server writes it: "30 working days", "8 working hours"
// or "30 days"; and when it begins, as people here say it.

import { startOfDay } from '../shell/days';

export const units = ['working days', 'days', 'working hours'] as const;
export type Unit = (typeof units)[number];

/** About ten years of each: more is refused. */
export const most: Readonly<Record<Unit, number>> = { 'working days': 2500, days: 3650, 'working hours': 20_000 };

export interface Amount {
  n: number;
  unit: Unit;
}

export function readAmount(text: string): Amount | null {
  const found = /^(\d{1,5}) (working )?(day|hour)s?$/.exec(text);
  const unit = found && units.find((u) => u === `${found[2] ?? ''}${found[3]}s`);
  return unit ? { n: Number(found[1]), unit } : null;
}

export function writeAmount({ n, unit }: Amount): string {
  return `${n} ${n === 1 ? unit.slice(0, -1) : unit}`;
}

/** The moment at which it is this time of this day in Rome. */
export function momentOf(day: string, time: string): Date {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const wanted = hours * 60 + minutes;
  const at = new Date(startOfDay(day).getTime() + wanted * 60_000);
  const shown = clock.format(at).split(':').map(Number);
  return new Date(at.getTime() + (wanted - (shown[0]! * 60 + shown[1]!)) * 60_000); // on the days when the clock changes
}

const clock = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Rome', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** A year's month in weeks from Monday to Sunday; null where the week is in another month. */
export function weeksOf(year: number, month: number): (number | null)[][] {
  const first = (new Date(Date.UTC(year, month, 1)).getUTCDay() + 6) % 7;
  const days = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Array.from({ length: Math.ceil((first + days) / 7) }, (_, week) =>
    Array.from({ length: 7 }, (_, weekday) => {
      const day = week * 7 + weekday - first + 1;
      return day >= 1 && day <= days ? day : null;
    }));
}
