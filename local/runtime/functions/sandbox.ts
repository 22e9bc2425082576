import { randomUUID } from 'node:crypto';
import type { FunctionLog } from '../../aws/logs/log-groups.ts';
import { account, region } from '../../aws/template/environment.ts';
import type { FunctionDefinition } from './definitions.ts';
import { explainFailure, type Failed } from './failure.ts';
import type { Execution, FunctionInvocation } from './invocation.ts';
import { isPrintStored } from './logging.ts';
import type { Exit, FailedAttempt, Observation, Print, Uncaught } from './observation.ts';
import { type PlatformLines, platformLines } from './platform-lines.ts';
import { type NoAnswer, type ProcessAnswer, SandboxProcess } from './sandbox-process.ts';
import type { FunctionFailure } from './text-lines.ts';
import { createTrace, type Trace } from './trace.ts';

/** Who is told what happens in a sandbox. */
export interface SandboxObserver extends FunctionLog {
  /** It holds more memory than the function has, in MB: AWS would have killed it. Told once. */
  memoryExceeded(usedMb: number): void;
  /** Something was thrown in an attempt. */
  attemptFailed(failed: FailedAttempt): void;
  /** Its code has printed, other than by the logger. */
  printed(print: Print): void;
}

/** How many lines of an invocation are kept, to tell which events it has finished. */
const maxPrinted = 2_000;

/** The time that Lambda grants a function to start in. */
const initTimeoutMs = 10_000;

/**
 * One execution environment of a function: a process of its own that takes one invocation at a time, and is killed at
 * the times at which Lambda would kill it. It writes Lambda's own lines; what the function prints may come a little
 * later than the END of its invocation.
 */
export class Sandbox {
  readonly #definition: FunctionDefinition;
  readonly #observer: SandboxObserver;
  readonly #lines: PlatformLines;
  readonly #process: SandboxProcess;
  readonly #ready: Promise<Failed | undefined>;
  /** Of the init phase, until the first invocation has reported it. */
  #initMs: number | undefined;
  #maxMemoryMb = 0;
  #exceeded = false;
  #invocations = 0;
  #stopped = false;
  /** What this invocation has printed, and what ended its process. */
  #printed: string[] = [];
  #seen: Uncaught | Exit | undefined;

  constructor(definition: FunctionDefinition, observer: SandboxObserver) {
    this.#definition = definition;
    this.#observer = observer;
    this.#lines = platformLines(definition.logging);
    this.#process = new SandboxProcess(
      definition,
      (line) => {
        if (this.#printed.length < maxPrinted) this.#printed.push(line);
        if (isPrintStored(line, definition.logging)) observer.line(line);
      },
      (observation) => this.#observe(observation),
    );
    this.#ready = this.#initialize();
  }

  /** Id of its process; undefined if none could be started. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Whether it may take another invocation. */
  get alive(): boolean {
    return this.#process.alive;
  }

  /** Resolves once the function has started, or with the reason why it does not start. Never rejects. */
  get started(): Promise<{ error: string } | undefined> {
    return this.#ready;
  }

  /** Invokes the function. Gives its result, or why there is none; never throws. */
  async invoke(event: unknown): Promise<Execution> {
    const notReady = await this.#ready;
    const requestId = randomUUID();
    this.#write(this.#lines.start(requestId));
    if (notReady) {
      this.#process.kill();
      this.#writeEnd(requestId, 0, notReady.failure);
      return { result: { ok: false, error: `does not start: ${notReady.error}` }, durationMs: 0 };
    }
    const { timeoutSeconds, traced } = this.#definition;
    // X-Ray samples some invocations; here, it samples the first of each sandbox.
    const isSampled = traced && this.#invocations++ === 0;
    const trace = createTrace(traced, isSampled);

    this.#printed = [];
    this.#seen = undefined;
    const begun = performance.now();
    const answering = this.#process.answerWithin(timeoutSeconds * 1000);
    this.#process.send({ event, context: this.#contextOf(requestId), trace: trace.header });
    const answer = await answering;
    const paused = 'timedOutAfterMs' in answer ? answer.place : undefined;
    // To find the place takes time, too, which Lambda does not give.
    const durationMs = 'timedOutAfterMs' in answer ? answer.timedOutAfterMs : performance.now() - begun;
    const failed = this.#explain(answer, requestId);
    this.#writeEnd(requestId, durationMs, failed?.failure, isSampled ? trace : undefined);
    if (!failed)
      return { result: { ok: true, result: 'result' in answer ? answer.result : undefined }, durationMs };
    const { error } = failed;
    const end = { reason: error, event, printed: this.#printed, seen: this.#seen, paused, durationMs };
    return { result: { ok: false, error }, durationMs, end };
  }

  /** Ends it from outside, as Lambda would not: nothing more is written about it. */
  stop(): void {
    this.#stopped = true;
    this.#process.kill();
  }

  /** The init phase. Gives why it failed, if it did; Lambda would try it once more at the first invocation. */
  async #initialize(): Promise<Failed | undefined> {
    this.#write(this.#lines.initStart());
    const begun = performance.now();
    const answer = await this.#process.answerWithin(initTimeoutMs);
    const initMs = performance.now() - begun;
    const failed = this.#explain(answer);
    if (failed?.failure) this.#write(this.#lines.initReport(initMs, failed.failure));
    else this.#initMs = initMs;
    return failed;
  }

  #observe(observation: Observation): void {
    if (this.#stopped) return;
    if (observation.saw === 'failed_attempt') this.#observer.attemptFailed(observation);
    else if (observation.saw === 'print') this.#observer.printed(observation);
    // An exception that nobody caught ends in an exit, too.
    else this.#seen ??= observation;
  }

  #contextOf(awsRequestId: string): FunctionInvocation['context'] {
    const { name, timeoutSeconds, memoryMb } = this.#definition;
    return {
      functionName: name,
      functionVersion: '$LATEST',
      invokedFunctionArn: `arn:aws:lambda:${region}:${account}:function:${name}`,
      memoryLimitInMB: String(memoryMb),
      awsRequestId,
      logGroupName: name,
      logStreamName: String(this.#process.pid),
      callbackWaitsForEmptyEventLoop: false,
      deadline: Date.now() + timeoutSeconds * 1000,
    };
  }

  /** Says why an answer is no result, and writes what Lambda writes about it. */
  #explain(answer: ProcessAnswer | NoAnswer, requestId?: string): Failed | undefined {
    if ('maxMemoryMb' in answer) this.#measured(answer.maxMemoryMb);
    const failed = explainFailure(answer, this.#definition, this.#lines, requestId);
    this.#write(failed?.line);
    return failed;
  }

  /** It is too late to kill the process when AWS does, during the invocation (docs/reliability.md). */
  #measured(maxMemoryMb: number): void {
    this.#maxMemoryMb = maxMemoryMb;
    if (this.#exceeded || this.#stopped || maxMemoryMb <= this.#definition.memoryMb) return;
    this.#exceeded = true;
    this.#observer.memoryExceeded(maxMemoryMb);
  }

  #writeEnd(requestId: string, durationMs: number, failure?: FunctionFailure, trace?: Trace): void {
    const { memoryMb } = this.#definition;
    const [initMs, maxMemoryMb] = [this.#initMs, this.#maxMemoryMb];
    this.#initMs = undefined;
    this.#write(this.#lines.end(requestId, failure));
    this.#write(this.#lines.report({ requestId, durationMs, memoryMb, maxMemoryMb, initMs, failure, trace }));
  }

  #write(text: string | undefined): void {
    if (text !== undefined && !this.#stopped) this.#observer.platformLine(text);
  }
}
