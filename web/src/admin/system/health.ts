// Whether the program answers well, as it says itself at /readyz.

import type { Tone } from '../parts';

export interface Answered {
  name: string;
  ok: boolean;
}

/** The lines of /readyz?verbose, as `database: ok`. */
export function readLines(text: string): Answered[] {
  return text.split('\n').filter((line) => line.includes(': ')).map((line) => {
    const at = line.indexOf(': ');
    return { name: line.slice(0, at), ok: line.slice(at + 2) === 'ok' };
  });
}

export async function readHealth(signal: AbortSignal): Promise<Answered[]> {
  const response = await fetch('/readyz?verbose', { signal });
  return readLines(await response.text());
}

/** Minutes without an answer after which a mailbox is late, and after which something is wrong. */
const late = 15;
const tooLate = 60;

export function lagTone(minutes: number): Tone {
  return minutes >= tooLate ? 'bad' : minutes >= late ? 'warn' : 'good';
}

const day = 86_400_000;

/** How a certificate is that holds until some moment: one has to be made in good time. */
export function untilTone(until: string, now: Date): Tone {
  const left = Date.parse(until) - now.getTime();
  return left < 7 * day ? 'bad' : left < 30 * day ? 'warn' : 'good';
}

/** Less than a tenth of the disk, or than 5 GB of a small one. */
export function scarce({ free, total }: { free: string; total: string }): boolean {
  return Number(free) < Math.min(Number(total) / 10, 5e9);
}

/** How many certificates are shown. */
const shown = 6;

/** Those that end first; one that could not be read stands before all. */
export function soonest<C extends { until?: string | null; trouble: string }>(certificates: readonly C[]): readonly C[] {
  return certificates.toSorted((a, b) => (a.until ?? '').localeCompare(b.until ?? '')).slice(0, shown);
}
