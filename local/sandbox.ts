import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { account, region } from './intrinsics.ts';

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

export type InvocationResult = { ok: true; result: unknown } | { ok: false; error: string };

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
  memoryMb: number;
  timeoutSeconds: number;
}

/** What Lambda grants a function to start in. */
const initTimeoutMs = 10_000;

/**
 * One execution environment of a function: a process of its own that takes one invocation at a time, and is
 * killed where Lambda would kill it.
 */
export class Sandbox {
  readonly #definition: FunctionDefinition;
  readonly #process: ChildProcess;
  readonly #ready: Promise<InvocationResult>;
  #dead = false;

  constructor(definition: FunctionDefinition, onLine: (line: string) => void) {
    this.#definition = definition;
    const { name, module, exported, environment, memoryMb } = definition;
    this.#process = fork(join(import.meta.dirname, 'bootstrap.ts'), [module, exported], {
      env: {
        PATH: process.env.PATH ?? '',
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        // Its credentials tell the gateway whose permissions count.
        AWS_ACCESS_KEY_ID: name,
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', onLine);
    }
    this.#process.once('exit', () => {
      this.#dead = true;
    });
    this.#ready = this.#within(initTimeoutMs, this.#nextResult());
  }

  /** Id of its process; undefined where none could be started. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Whether it may take another invocation. */
  get alive(): boolean {
    return !this.#dead;
  }

  /** Whether the function has started, or why it did not; never throws. */
  get ready(): Promise<InvocationResult> {
    return this.#ready;
  }

  /** Invokes the function. Gives its result, or why there is none; never throws. */
  async invoke(event: unknown): Promise<InvocationResult> {
    const ready = await this.#ready;
    if (!ready.ok) {
      this.kill();
      return { ok: false, error: `does not start: ${ready.error}` };
    }
    const { name, timeoutSeconds, memoryMb } = this.#definition;
    const result = this.#within(timeoutSeconds * 1000, this.#nextResult());
    const context = {
      functionName: name,
      functionVersion: '$LATEST',
      invokedFunctionArn: `arn:aws:lambda:${region}:${account}:function:${name}`,
      memoryLimitInMB: String(memoryMb),
      awsRequestId: randomUUID(),
      logGroupName: name,
      logStreamName: String(this.#process.pid),
      callbackWaitsForEmptyEventLoop: false,
      deadline: Date.now() + timeoutSeconds * 1000,
    };
    const trace = `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')};Sampled=0`;
    this.#process.send({ event, context, trace } satisfies Invocation, () => undefined);
    return result;
  }

  kill(): void {
    this.#dead = true;
    this.#process.kill('SIGKILL');
  }

  /** Kills the process when the result takes longer. */
  async #within(milliseconds: number, result: Promise<InvocationResult>): Promise<InvocationResult> {
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      this.kill();
    }, milliseconds);
    const settled = await result;
    clearTimeout(timer);
    return timedOut ? { ok: false, error: `timed out after ${milliseconds / 1000} s` } : settled;
  }

  #nextResult(): Promise<InvocationResult> {
    return new Promise((resolve) => {
      const onExit = (code: number | null, signal: string | null) => {
        this.#process.off('message', onMessage);
        resolve({ ok: false, error: `exited with ${signal ?? code}` });
      };
      const onMessage = (message: InvocationResult) => {
        this.#process.off('exit', onExit);
        resolve(message);
      };
      if (this.#dead) return onExit(this.#process.exitCode, this.#process.signalCode);
      this.#process.once('message', onMessage).once('exit', onExit);
    });
  }
}
