import { setTimeout as sleep } from 'node:timers/promises';
import type { ReportLine } from '../../testing/report-line.ts';

/** What does not show that an event moves. */
const standstill = new Set(['log', 'metrics', 'started']);

const lookEveryMs = 100;
const nudgeEveryMs = 15_000;

/**
 * Tells whether anything moves: a report of an event, or of an invocation that died. Waits go by this, because how
 * long something takes depends on the machine, and that it goes on does not.
 */
export class Motion {
  readonly #reports: readonly ReportLine[];
  readonly #stillMs: number;
  readonly #counts: (report: ReportLine) => boolean;
  #read = 0;
  #movedAt = Date.now();

  /**
   * @param stillMs how long nothing can move though all goes on: the longest wait, with slack
   * @param counts whether a report shows progress
   */
  constructor(reports: readonly ReportLine[], stillMs: number, counts: (report: ReportLine) => boolean) {
    this.#reports = reports;
    this.#stillMs = stillMs;
    this.#counts = counts;
  }

  /**
   * Waits until something holds, for as long as anything moves.
   *
   * @param what says what was waited for in vain
   * @param nudge is called every quarter of a minute: longer than a function may take to start
   * @throws Error when nothing has moved for `stillMs`
   */
  async until(
    holds: () => boolean | Promise<boolean>,
    what: () => string | Promise<string>,
    nudge?: () => Promise<unknown>,
  ): Promise<void> {
    this.moved();
    let nudgeAt = Date.now() + nudgeEveryMs;
    while (!(await holds())) {
      this.#look();
      if (Date.now() - this.#movedAt > this.#stillMs) {
        throw new Error(`Nothing has moved for ${this.#stillMs / 1000} s. ${await what()}`);
      }
      if (nudge && Date.now() > nudgeAt) {
        nudgeAt = Date.now() + nudgeEveryMs;
        await nudge();
      }
      await sleep(lookEveryMs);
    }
  }

  /** Something moved that no report tells of. */
  moved(): void {
    this.#movedAt = Date.now();
  }

  #look(): void {
    const fresh = this.#reports.slice(this.#read);
    this.#read = this.#reports.length;
    if (fresh.some((report) => !standstill.has(report.event) && this.#counts(report))) this.moved();
  }
}
