// What a term says to people: how long it is, and why it ends when it ends.

import type { Term } from './folder';

/** A length as the contract has it, `30 working days`, in words. */
export function amountInWords(amount: string, units: Readonly<Record<string, (n: number) => string>>): string {
  const [, n, unit] = /^(\d+) (.+)$/.exec(amount) ?? [];
  const many = unit?.endsWith('s') ? unit : `${unit}s`;
  return n === undefined ? amount : units[many]?.(Number(n)) ?? amount;
}

/** Terms in the order in which they matter: what ends first, what stands still, what is over. */
export function inOrder(terms: readonly Term[]): readonly Term[] {
  const rank = (term: Term): string => (term.metAt !== null ? '3' : term.dueAt === null ? '2' : `1${term.dueAt}`);
  return [...terms].sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0));
}

/** Of the terms that run, the one that ends first; else one that stands still. */
export function nextTerm(terms: readonly Term[]): Term | undefined {
  return inOrder(terms).find((term) => term.metAt === null);
}

export type Line = { text: string } | { from: string; to: string; days: number };

/** A reckoning with its plain days drawn together: what is left are the days that need a reason. */
export function gathered(reckoning: Term['reckoning']): Line[] {
  const lines: Line[] = [];
  let run: { from: string; to: string; days: number } | null = null;
  for (const { date, kind, text } of reckoning) {
    if (kind === 'counted') {
      if (run) {
        run.to = date;
        run.days++;
      } else {
        run = { from: date, to: date, days: 1 };
        lines.push(run);
      }
    } else {
      run = null;
      lines.push({ text });
    }
  }
  return lines;
}
