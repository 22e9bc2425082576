import { alarmTitle } from '../../local/report/text-reporter.ts';
import type { ReportLine } from '../../testing/report-line.ts';
import { eventually } from './eventually.ts';
import type { StartedStack } from './started-stack.ts';

/** The alarms of a local run, by the lines about them. Names are the beginnings of alarms', as the runbook has them. */
export class FiredAlarms {
  readonly #stack: StartedStack;

  constructor(stack: StartedStack) {
    this.#stack = stack;
  }

  /** The lines about an alarm so far, oldest first. */
  of(name: string): ReportLine[] {
    return this.#stack.reports.filter(
      (line) => line.event === 'alarm' && alarmTitle(line.name ?? '') === name,
    );
  }

  /** How often an alarm has fired so far. */
  times(name: string): number {
    return this.of(name).filter(({ state }) => state === 'ALARM').length;
  }

  /** Whether the last that was said of an alarm is that it fires. */
  isOn(name: string): boolean {
    return this.of(name).at(-1)?.state === 'ALARM';
  }

  /**
   * Repeats a cause until alarms are on or have fired since the call, whatever the machine's speed.
   *
   * @param cause nothing unless it is given: what fires them goes on by itself
   * @returns the lines of the firing, in the order of the names
   */
  async fire(
    names: readonly string[],
    cause: () => Promise<unknown> = async () => {},
  ): Promise<ReportLine[]> {
    const before = new Map(names.map((name) => [name, this.times(name)]));
    const missing = () =>
      names.filter((name) => !this.isOn(name) && this.times(name) <= (before.get(name) ?? 0));
    await eventually(
      async () => {
        if (missing().length > 0) await cause();
        return missing().length === 0;
      },
      () => `${missing().join(' and ')} to fire. ${this.#said()}`,
    );
    return names.flatMap((name) => this.of(name).findLast(({ state }) => state === 'ALARM') ?? []);
  }

  /** Waits until alarms have cleared. One that never fired has. */
  async clear(names: readonly string[], remedy: () => Promise<unknown> = async () => {}): Promise<void> {
    await eventually(
      async () => {
        if (names.some((name) => this.isOn(name))) await remedy();
        return !names.some((name) => this.isOn(name));
      },
      () => `${names.filter((name) => this.isOn(name)).join(' and ')} to clear. ${this.#said()}`,
    );
  }

  #said(): string {
    const lines = this.#stack.reports.filter(({ event }) => event === 'alarm').slice(-12);
    return `Alarms said: ${lines.map(({ name = '', state }) => `${alarmTitle(name)} ${state}`).join(', ') || 'nothing'}`;
  }
}
