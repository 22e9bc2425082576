import { parseJson } from '../lambda/shared/json.ts';
import type { LoggedOutcome } from '../lambda/shared/outcomes.ts';
import type { EventType } from '../lambda/zavu/catalogue.ts';
import type { DeadLetter } from './dead-letters.ts';
import { outcomes } from './outcomes.ts';
import type { Ready, ReportLine } from './report-line.ts';
import { Reports } from './reports.ts';
import { sample } from './sample.ts';
import { type SignOptions, sign } from './sign.ts';
import type { StartProcess } from './start-process.ts';
import { waitFor } from './waiting.ts';

export interface SendOptions extends SignOptions {
  /** @default the local run's */
  secret?: string;
}

/** What an event was answered. */
export interface SentEvent {
  /** The event's id. */
  id: string;
  status: number;
  /** The answer's JSON. */
  body: unknown;
}

/** What became of an event. */
export interface EventOutcome {
  id: string;
  /** What became of it at least once: `handled`. docs/local-run.md has the others. */
  outcome: LoggedOutcome;
}

/** How long `send` and `until` wait by default, in milliseconds. */
const patienceMs = 60_000;

/** A local run that a test has started. */
export class LocalRun implements AsyncDisposable {
  /** Where it takes events. */
  readonly url: string;
  /** The signing secret; the first one, if it has several. */
  readonly secret: string;
  /** The outputs of the stack, by their names. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly #process: StartProcess;
  readonly #ready: Ready;
  readonly #reports: Reports;
  readonly #end: () => Promise<void>;

  private constructor(process: StartProcess, ready: Ready, reports: Reports, end: () => Promise<void>) {
    this.url = ready.url;
    this.secret = ready.secret;
    this.outputs = ready.outputs;
    this.#process = process;
    this.#ready = ready;
    this.#reports = reports;
    this.#end = end;
  }

  /**
   * Waits until a process takes events.
   *
   * @param end what `stop` does
   * @throws Error with what it printed, if it ends before
   */
  static async of(process: StartProcess, end: () => Promise<void>): Promise<LocalRun> {
    const reports = new Reports(() => process.lastErrors);
    const ready = await process.ready((report) => void reports.lines.push(report));
    return new LocalRun(process, ready, reports, end);
  }

  /** The JSON lines of the run so far, oldest first (docs/local-run.md). */
  get lines(): readonly ReportLine[] {
    return this.#reports.lines;
  }

  /**
   * Posts an event, signed as Zavu signs it; again while the answer is 5xx, as Zavu does.
   *
   * @param event an event, or a type, of which a fresh sample is sent
   * @throws Error if there is no other answer within a minute
   */
  async send(event: EventType | object, options: SendOptions = {}): Promise<SentEvent> {
    const { secret = this.secret, ...signing } = options;
    const sent: { id?: unknown } = typeof event === 'string' ? sample(event) : event;
    const body = JSON.stringify(sent);
    let answer = { status: 0, body: '' };
    await waitFor(
      async () => {
        const headers = sign(body, secret, signing);
        const response = await fetch(this.url, { method: 'POST', body, headers });
        answer = { status: response.status, body: await response.text() };
        return answer.status < 500;
      },
      patienceMs,
      () => `an answer below 500; the last was ${answer.status}`,
    );
    const read = parseJson(answer.body);
    // One that has no id is known by the id that it was given.
    return { id: String(Object(read).id ?? sent.id), status: answer.status, body: read };
  }

  /**
   * Waits until something has become of an event, or until there is a line that a predicate takes. What happened before
   * the call counts.
   *
   * @param timeoutMs how long it waits, in milliseconds
   * @returns the first such line
   * @throws Error with what was reported of the event, if that does not come in time, or the run ends
   *
   * @example const { worker } = await local.until({ id, outcome: 'handled' });
   */
  async until(
    wanted: EventOutcome | ((line: ReportLine) => boolean),
    timeoutMs = patienceMs,
  ): Promise<ReportLine> {
    const matches = typeof wanted === 'function' ? wanted : isOutcome(wanted);
    const find = () => this.lines.find((line) => matches(line));
    await waitFor(
      () => {
        if (find()) return true;
        if (!this.#process.isRunning) throw new Error(`The local run has ended. ${this.#process.lastErrors}`);
        return false;
      },
      timeoutMs,
      () => `${this.#story(wanted)}\n${this.#process.lastErrors}`.trimEnd(),
    );
    const line = find();
    if (!line) throw new Error('unreachable');
    return line;
  }

  /**
   * The dead letters of all workers, oldest first. They stay in their queues.
   *
   * @throws Error if a worker has no queue for them
   */
  async deadLetters(): Promise<DeadLetter[]> {
    // The SDK is loaded on demand, so that a unit test starts fast.
    const { readDeadLetters } = await import('./dead-letters.ts');
    return readDeadLetters(this.#ready);
  }

  /** Ends it, as Ctrl-C does. What it stored is gone then. */
  stop(): Promise<void> {
    return this.#end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** What is waited for, and what there is. */
  #story(wanted: EventOutcome | ((line: ReportLine) => boolean)): string {
    if (typeof wanted === 'function')
      return `a line that the predicate takes; there were ${outcomes(this.lines)}`;
    const { id, outcome } = wanted;
    return `${outcome} of ${id.slice(0, 80)}; there were ${outcomes(this.#reports.of(id))}`;
  }
}

const isOutcome = (wanted: EventOutcome) => (line: ReportLine) =>
  line.id === wanted.id && line.event === wanted.outcome;
