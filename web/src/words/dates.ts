// Moments and numbers as people here read them: 22/11/2026, 18:07, in Rome's time.

export interface Dates {
  /** 22/11/2026 */
  day(at: string | Date): string;
  /** 18:07 */
  clock(at: string | Date): string;
  /** 22/11/2026, 18:07 */
  moment(at: string | Date): string;
  /** 22/11/2026, 18:07:31 GMT+1, for whom it matters to the second */
  exact(at: string | Date): string;
  /** 18:07 of today, else 22/11 of this year, else 22/11/2026: for narrow columns */
  brief(at: string | Date, now: Date): string;
  /** 12.345 */
  number(n: number): string;
  /** 1,4 MB */
  bytes(n: number): string;
}

const zone = 'Europe/Rome';

export function datesFor(locale: string): Dates {
  const date = { timeZone: zone, day: '2-digit', month: '2-digit', year: 'numeric' } as const;
  const time = { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const day = new Intl.DateTimeFormat(locale, date);
  const dayOfYear = new Intl.DateTimeFormat(locale, { timeZone: zone, day: '2-digit', month: '2-digit' });
  const clock = new Intl.DateTimeFormat(locale, time);
  const moment = new Intl.DateTimeFormat(locale, { ...date, ...time });
  const exact = new Intl.DateTimeFormat(locale, { ...date, ...time, second: '2-digit', timeZoneName: 'shortOffset' });
  const number = new Intl.NumberFormat(locale);
  const short = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const of = (at: string | Date): Date => (typeof at === 'string' ? new Date(at) : at);
  return {
    day: (at) => day.format(of(at)),
    clock: (at) => clock.format(of(at)),
    moment: (at) => moment.format(of(at)),
    exact: (at) => exact.format(of(at)),
    brief: (at, now) => {
      const then = of(at);
      if (day.format(then) === day.format(now)) {
        return clock.format(then);
      }
      return day.format(then).slice(-4) === day.format(now).slice(-4) ? dayOfYear.format(then) : day.format(then);
    },
    number: (n) => number.format(n),
    bytes: (n) => {
      const units = ['B', 'kB', 'MB', 'GB'];
      let unit = 0;
      for (; n >= 1000 && unit < units.length - 1; unit++) {
        n /= 1000;
      }
      return `${short.format(n)} ${units[unit]}`;
    },
  };
}
