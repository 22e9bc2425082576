/**
 * Lambda's default for an account and region: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const defaultConcurrency = 1000;

/** The concurrent executions of an account, which all its functions share. What is beyond them is throttled. */
export class Concurrency {
  readonly #limit: number;
  #running = 0;

  /** @param limit executions at once */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes an execution, which the caller has to release. Gives false if there is none left. */
  take(): boolean {
    if (this.#running >= this.#limit) return false;
    this.#running += 1;
    return true;
  }

  /** Gives an execution back. */
  release(): void {
    this.#running -= 1;
  }
}
