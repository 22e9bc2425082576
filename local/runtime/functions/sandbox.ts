import { randomBytes, randomUUID } from 'node:crypto';
import type { FunctionLog } from '../../aws/logs/log-groups.ts';
import { account, region } from '../../aws/template/intrinsics.ts';
import type { Failure } from './platform-lines.ts';
import * as lines from './platform-lines.ts';
import { type Answer, type NoAnswer, SandboxProcess } from './sandbox-process.ts';

export interface Invocation {
  event: unknown;
  context: {
    functionName: string;
    functionVersion: string;
    invokedFunctionArn: string;
    memoryLimitInMB: string;
    awsRequestId: string;
    logGroupName: string;
    logStreamName: string;
    callbackWaitsForEmptyEventLoop: boolean;
    /** Milliseconds since the epoch at which the sandbox is killed. */
    deadline: number;
  };
  /** X-Ray's header, which Lambda's runtime puts into the environment. */
  trace: string;
}

/** What became of an invocation. One that was throttled was never run. */
export type InvocationResult =
  | { ok: true; result: unknown }
  | { ok: false; error: string; throttled?: boolean };

/** An invocation that was run, and how long that took. */
export interface Execution {
  result: InvocationResult;
  /** Without the init phase, as Lambda counts. */
  durationMs: number;
}

/** Why there is no result: in a word for a person, and as Lambda reports it. What a handler throws, it does not. */
interface Failed {
  error: string;
  failure?: Failure;
}

/** A function as the template describes it. */
export interface FunctionDefinition {
  name: string;
  /** Path of the module and the name of its export. */
  module: string;
  exported: string;
  /** ARN of the role that it acts in. */
  role: string;
  traced: boolean;
  /** Name of the log group that takes what it prints. */
  logGroup: string;
  /** The template's variables, intrinsics resolved, and the endpoints of the emulators. */
  environment: Record<string, string>;
  /** Directory for what its processes have compiled, which the next one of them need not compile again. */
  compileCache?: string;
  memoryMb: number;
  timeoutSeconds: number;
}

/** Who is told what happens in a sandbox. */
export interface SandboxObserver extends FunctionLog {
  /** It holds more memory than the function has, in MB: AWS would have killed it. Told once. */
  memoryExceeded(usedMb: number): void;
}

/** What Lambda grants a function to start in. */
const initTimeoutMs = 10_000;

/** How Lambda names signals. */
const signals: Readonly<Record<string, string>> = {
  SIGABRT: 'aborted',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
};

/**
 * One execution environment of a function: a process of its own that takes one invocation at a time, and is
 * killed where Lambda would kill it. It writes Lambda's own lines; what the function prints may come a little later
 * than the END of its invocation.
 */
export class Sandbox {
  readonly #definition: FunctionDefinition;
  readonly #observer: SandboxObserver;
  readonly #process: SandboxProcess;
  readonly #ready: Promise<Failed | undefined>;
  /** Of the init phase, until the first invocation has reported it. */
  #initMs: number | undefined;
  #maxMemoryMb = 0;
  #exceeded = false;
  #invocations = 0;
  #stopped = false;

  constructor(definition: FunctionDefinition, observer: SandboxObserver) {
    this.#definition = definition;
    this.#observer = observer;
    this.#process = new SandboxProcess(definition, (line) => observer.line(line));
    this.#ready = this.#initialize();
  }

  /** Id of its process; undefined where none could be started. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Whether it may take another invocation. */
  get alive(): boolean {
    return this.#process.alive;
  }

  /** Resolves once the function has started: to nothing, or to why it does not start. Never rejects. */
  get started(): Promise<{ error: string } | undefined> {
    return this.#ready;
  }

  /** Invokes the function. Gives its result, or why there is none; never throws. */
  async invoke(event: unknown): Promise<Execution> {
    const notReady = await this.#ready;
    const requestId = randomUUID();
    this.#write(lines.start(requestId));
    if (notReady) {
      this.#process.kill();
      this.#writeEnd(requestId, 0, notReady.failure);
      return { result: { ok: false, error: `does not start: ${notReady.error}` }, durationMs: 0 };
    }
    const { timeoutSeconds, traced } = this.#definition;
    // X-Ray samples some invocations; here, the first of each sandbox.
    const isSampled = traced && this.#invocations++ === 0;
    const seconds = Math.floor(Date.now() / 1000).toString(16);
    // At once, because each call of the generator costs as much as all of its bytes.
    const random = randomBytes(20).toString('hex');
    const traceId = `1-${seconds}-${random.slice(16)}`;
    const segmentId = random.slice(0, 16);
    const trace = `Root=${traceId};Parent=${segmentId};Sampled=${isSampled ? 1 : 0}`;

    const begun = performance.now();
    const answering = this.#process.answerWithin(timeoutSeconds * 1000);
    this.#process.send({ event, context: this.#contextOf(requestId), trace });
    const answer = await answering;
    const durationMs = performance.now() - begun;
    const failed = this.#explain(answer, requestId);
    this.#writeEnd(requestId, durationMs, failed?.failure, isSampled ? { traceId, segmentId } : undefined);
    const result: InvocationResult = failed
      ? { ok: false, error: failed.error }
      : { ok: true, result: 'result' in answer ? answer.result : undefined };
    return { result, durationMs };
  }

  /** Ends it from outside, as Lambda would not: nothing more is written about it. */
  stop(): void {
    this.#stopped = true;
    this.#process.kill();
  }

  /** The init phase. Gives why it failed, if it did; Lambda would try it once more at the first invocation. */
  async #initialize(): Promise<Failed | undefined> {
    this.#write(lines.initStart());
    const begun = performance.now();
    const answer = await this.#process.answerWithin(initTimeoutMs);
    const initMs = performance.now() - begun;
    const failed = this.#explain(answer);
    if (failed?.failure) this.#write(lines.initReport(initMs, failed.failure));
    else this.#initMs = initMs;
    return failed;
  }

  #contextOf(awsRequestId: string): Invocation['context'] {
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

  /** Says why an answer is no result, and writes what Lambda writes of it. Without a request id, it is the init's. */
  #explain(answer: Answer | NoAnswer, requestId?: string): Failed | undefined {
    const now = new Date();
    if ('maxMemoryMb' in answer) {
      this.#measured(answer.maxMemoryMb);
      if (!answer.thrown) return undefined;
      const { errorType, errorMessage } = answer.thrown;
      const error = `${errorType}: ${errorMessage}`;
      if (requestId) {
        this.#write(lines.invokeError(now, requestId, answer.thrown));
        return { error };
      }
      this.#write(lines.uncaughtException(now, answer.thrown));
      const reported = errorType.startsWith('Runtime.') ? errorType : 'Runtime.Unknown';
      return { error, failure: { status: 'error', errorType: reported } };
    }
    if ('timedOutAfterMs' in answer) {
      const seconds = answer.timedOutAfterMs / 1000;
      if (requestId) this.#write(lines.taskTimedOut(now, requestId, seconds));
      return { error: `timed out after ${seconds} s`, failure: { status: 'timeout' } };
    }
    const { code, signal } = answer.exited;
    const how = signal ? `signal: ${signals[signal] ?? signal}` : `exit status ${code}`;
    if (requestId) this.#write(lines.runtimeExited(requestId, how));
    const { memoryMb } = this.#definition;
    const why =
      signal === 'SIGABRT' ? `, as Node does when its heap is full: the function has ${memoryMb} MB` : '';
    return {
      error: `exited with ${signal ?? code}${why}`,
      failure: { status: 'error', errorType: 'Runtime.ExitError' },
    };
  }

  /** It is too late to kill the process where AWS does, in mid-invocation (docs/reliability.md). */
  #measured(maxMemoryMb: number): void {
    this.#maxMemoryMb = maxMemoryMb;
    if (this.#exceeded || this.#stopped || maxMemoryMb <= this.#definition.memoryMb) return;
    this.#exceeded = true;
    this.#observer.memoryExceeded(maxMemoryMb);
  }

  #writeEnd(
    requestId: string,
    durationMs: number,
    failure?: Failure,
    trace?: { traceId: string; segmentId: string },
  ): void {
    const { memoryMb } = this.#definition;
    const [initMs, maxMemoryMb] = [this.#initMs, this.#maxMemoryMb];
    this.#initMs = undefined;
    this.#write(lines.end(requestId));
    this.#write(lines.report({ requestId, durationMs, memoryMb, maxMemoryMb, initMs, failure, trace }));
  }

  #write(text: string): void {
    if (!this.#stopped) this.#observer.platformLine(text);
  }
}
