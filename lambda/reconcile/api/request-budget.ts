const minuteMs = 60_000;

interface RequestBudgetProps {
  perMinute: number;
  /** Milliseconds since the epoch. */
  clock: () => number;
  /** Rejects if it is aborted while it waits. */
  sleep: (ms: number) => Promise<unknown>;
}

/** Lets at most so many requests begin in any minute. Those that wait begin in the order in which they asked. */
export class RequestBudget {
  readonly #props: RequestBudgetProps;
  /** When the last requests began, the oldest first: as many as a minute takes. */
  readonly #begun: number[] = [];
  #heldUntil = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(props: RequestBudgetProps) {
    this.#props = props;
  }

  /** Waits until one more request may begin, and counts it. */
  take(): Promise<void> {
    const turn = this.#last.then(() => this.#takeNext());
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Lets no request begin before a time, in milliseconds since the epoch. */
  holdUntil(time: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, time);
  }

  async #takeNext(): Promise<void> {
    const { perMinute, clock, sleep } = this.#props;
    // Again and again, because a timer may end early, and somebody may hold the budget meanwhile.
    for (let wait = this.#waitMs(); wait > 0; wait = this.#waitMs()) await sleep(wait);
    this.#begun.push(clock());
    if (this.#begun.length > perMinute) this.#begun.shift();
  }

  #waitMs(): number {
    const { perMinute, clock } = this.#props;
    const [oldest = 0] = this.#begun;
    const isFull = this.#begun.length === perMinute;
    return Math.max(this.#heldUntil, isFull ? oldest + minuteMs : 0) - clock();
  }
}
