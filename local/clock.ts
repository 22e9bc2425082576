/** The time of the local run: CloudWatch's minutes, SQS's retention and schedules go by it. */
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
  const now = () => begin + (Date.now() - begin) * speed;
  return {
    now,
    after(milliseconds, callback) {
      const due = now() + milliseconds;
      let timer: NodeJS.Timeout;
      const wait = () => {
        const left = (due - now()) / speed;
        timer = left > maxTimerMs ? setTimeout(wait, maxTimerMs) : setTimeout(callback, left);
      };
      wait();
      return () => clearTimeout(timer);
    },
  };
}
