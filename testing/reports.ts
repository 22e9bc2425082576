import { outcomes } from './outcomes.ts';
import type { ReportLine } from './report-line.ts';
import { waitFor } from './waiting.ts';

/** What a local run has reported so far, oldest first. */
export class Reports {
  readonly lines: ReportLine[] = [];
  readonly #detail: () => string;

  /** @param detail what the error of a wait in vain tells besides */
  constructor(detail: () => string) {
    this.#detail = detail;
  }

  /** The lines about an event. */
  of(id: string, ...events: readonly string[]): ReportLine[] {
    return this.lines.filter(
      (line) => line.id === id && (events.length === 0 || events.includes(line.event)),
    );
  }

  /**
   * Waits until an event has been reported this often, counting the given kinds of line together.
   *
   * @throws Error with what was reported of it, if that does not come within `ms`
   */
  async until(id: string, events: readonly string[], times: number, ms: number): Promise<ReportLine[]> {
    await waitFor(
      () => this.of(id, ...events).length >= times,
      ms,
      () =>
        `${times} x ${events.join(' or ')} of ${id.slice(0, 80)}; there were ${outcomes(this.of(id))}\n${this.#detail()}`,
    );
    return this.of(id, ...events);
  }
}
