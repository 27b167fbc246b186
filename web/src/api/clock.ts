// The server's time, as far as its answers tell: a device's own clock may be wrong by
// minutes, and what counts down here is what the server counts.

/** Between which two numbers of milliseconds the server's clock is ahead of ours. */
interface Bounds {
  least: number;
  most: number;
}

export class Clock {
  #ahead: Bounds | undefined;

  constructor(private readonly here: () => number = Date.now) {}

  /** An answer names its time in whole seconds: it was written in that second, after the question left and before now. */
  heard(date: string | null, askedAt: number): void {
    const said = Date.parse(date ?? '');
    if (Number.isNaN(said)) {
      return;
    }
    const now = { least: said - this.here(), most: said + 999 - askedAt };
    const before = this.#ahead;
    const both = before && { least: Math.max(before.least, now.least), most: Math.min(before.most, now.most) };
    this.#ahead = both && both.least <= both.most ? both : now; // else a clock was set meanwhile
  }

  /** The server's time now, in milliseconds as those of Date. */
  now = (): number => this.here() + (this.#ahead ? (this.#ahead.least + this.#ahead.most) / 2 : 0);
}

/** The clock of our server. */
export const clock = new Clock();
