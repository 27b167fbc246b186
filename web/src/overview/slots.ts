// Days as a chart shows them: one by one, or by weeks when they are too many.

export interface DayFigures {
  date: string;
  arrived: number;
  closed: number;
  open: number;
  breached: number;
}

/** Some days that follow each other. */
export interface Slot {
  from: string;
  until: string;
  arrived: number;
  closed: number;
  /** At the end of the last day. */
  open: number;
}

/** Days that a chart shows one by one. */
const mostSingly = 62;

/** Cases are received and closed once, so that those of days add up; what was open is that of the last day. */
export function slotsOf(days: readonly DayFigures[]): Slot[] {
  const length = days.length > mostSingly ? 7 : 1;
  const slots: Slot[] = [];
  for (let end = days.length; end > 0; end -= length) { // whole weeks up to the last day
    const some = days.slice(Math.max(0, end - length), end);
    slots.unshift({
      from: some[0]!.date,
      until: some.at(-1)!.date,
      arrived: some.reduce((sum, d) => sum + d.arrived, 0),
      closed: some.reduce((sum, d) => sum + d.closed, 0),
      open: some.at(-1)!.open,
    });
  }
  return slots;
}

/** The values at which an axis from 0 is marked: round ones, the last above all. */
export function ticksTo(most: number): number[] {
  if (most <= 4) {
    return Array.from({ length: Math.max(1, most) + 1 }, (_, i) => i);
  }
  const rough = most / 4;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * unit).find((s) => s >= rough && Number.isInteger(s))!;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, i) => i * step);
}
