/** The time of the local run: what CloudWatch's minutes, SQS's retention and schedules go by. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Calls back once, after some time of this clock.
   *
   * @param milliseconds of this clock
   * @returns a function that cancels it
   */
  after(milliseconds: number, callback: () => void): () => void;
}

/** The longest time that a timer of Node's takes; a longer one would fire at once. */
const maxTimerMs = 2 ** 31 - 1;

/**
 * Creates the clock of a local run. It is the only place that knows how fast time passes.
 *
 * @param speed how many times faster than the machine's clock it runs; it begins at the machine's time
 * @default 1
 */
export function createClock(speed = 1): Clock {
  const begin = Date.now();
  return {
    now: () => begin + (Date.now() - begin) * speed,
    after(milliseconds, callback) {
      const timer = setTimeout(callback, Math.min(milliseconds / speed, maxTimerMs));
      return () => clearTimeout(timer);
    },
  };
}
