import type { Clock } from '../../local/clock.ts';

/** A clock that stands still until a test moves it on. */
export class HandClock implements Clock {
  #now = Date.UTC(2026, 0, 1);
  #timers: { due: number; callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { due: this.#now + milliseconds, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  /** Lets time pass as on a machine that sleeps: what falls due is called back once it goes on. */
  sleep(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Lets time pass, and calls back what falls due, in its order. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = this.#timers.toSorted((a, b) => a.due - b.due);
      if (!next || next.due > end) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.#now = Math.max(this.#now, next.due);
      next.callback();
    }
    this.#now = end;
  }
}
