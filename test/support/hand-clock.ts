import type { Clock } from '../../local/clock.ts';

interface Timer {
  time: number;
  callback: () => void;
}

/** A clock that stands still until a test moves it. */
export class HandClock implements Clock {
  #now: number;
  readonly #timers = new Set<Timer>();

  /** @param now where it begins; a whole hour unless it is given */
  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { time: this.#now + milliseconds, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets time pass, and calls back what is due on the way. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = [...this.#timers].filter(({ time }) => time <= end).sort((a, b) => a.time - b.time);
      if (!next) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.time);
      next.callback();
    }
    this.#now = end;
  }

  /** Lets time pass as while a machine sleeps: what is due is called back when the clock advances again. */
  jump(milliseconds: number): void {
    this.#now += milliseconds;
  }
}
