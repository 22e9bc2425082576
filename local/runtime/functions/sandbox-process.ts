import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { region } from '../../aws/template/environment.ts';
import type { FunctionDefinition } from './definitions.ts';
import type { FunctionInvocation } from './invocation.ts';
import type { Logging } from './logging.ts';
import { nodeOptions } from './node-options.ts';
import type { Observation } from './observation.ts';
import { findPlace, inspectorOptions, type PausedFrame } from './paused-place.ts';
import type { Thrown } from './text-lines.ts';

/** What the process answers, to an invocation and once it is ready: a result, which may be nothing, or an error. */
export interface ProcessAnswer {
  result?: unknown;
  thrown?: Thrown;
  /** The most that its whole process has held in RAM so far, Node itself too. */
  maxMemoryMb: number;
}

/** What comes of a process that does not answer. */
export type NoAnswer =
  | { timedOutAfterMs: number; place: readonly PausedFrame[] | undefined }
  | { exited: { code: number | null; signal: NodeJS.Signals | null } };

/** The process of a sandbox, which answers one invocation at a time. */
export class SandboxProcess {
  readonly #child: ChildProcess;
  #dead = false;
  /** It has timed out, and what it does until it is killed did not happen. */
  #isOver = false;

  /**
   * Starts it. Its first answer says that it is ready.
   *
   * @param onLine takes what it prints
   * @param onObservation is told what is seen in it
   */
  constructor(
    definition: FunctionDefinition,
    onLine: (line: string) => void,
    onObservation: (observation: Observation) => void,
  ) {
    const { name, module, exported, environment, compileCache, memoryMb, logging } = definition;
    this.#child = fork(join(import.meta.dirname, './bootstrap.mjs'), [module, exported], {
      execArgv: [...nodeOptions(memoryMb), ...inspectorOptions],
      env: {
        PATH: process.env.PATH ?? '',
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
        ...logVariables(logging),
        ...(compileCache ? { NODE_COMPILE_CACHE: compileCache } : {}),
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        if (!this.#isOver) onLine(line);
      });
    }
    this.#child.on('message', (message: ProcessAnswer | { observation: Observation }) => {
      if ('observation' in message && !this.#isOver) onObservation(message.observation);
    });
    this.#child.once('exit', () => {
      this.#dead = true;
    });
  }

  /** Its id; undefined if none could be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether it may take another invocation. */
  get alive(): boolean {
    return !this.#dead;
  }

  send(invocation: FunctionInvocation): void {
    this.#child.send(invocation, () => undefined);
  }

  kill(): void {
    this.#dead = true;
    this.#child.kill('SIGKILL');
  }

  /**
   * Waits for its next answer. When that takes longer, it is killed, and before that it is asked where it is. Never
   * throws.
   */
  async answerWithin(milliseconds: number): Promise<ProcessAnswer | NoAnswer> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<NoAnswer>((resolve) => {
      timer = setTimeout(async () => {
        this.#isOver = true;
        const place = await findPlace(this.#child);
        this.kill();
        resolve({ timedOutAfterMs: milliseconds, place });
      }, milliseconds);
    });
    // What it answers after its time is too late.
    const answer = this.#nextAnswer().then((inTime) => (this.#isOver ? timeout : inTime));
    const first = await Promise.race([answer, timeout]);
    clearTimeout(timer);
    return first;
  }

  #nextAnswer(): Promise<ProcessAnswer | NoAnswer> {
    return new Promise((resolve) => {
      const onExit = (code: number | null, signal: NodeJS.Signals | null) => {
        this.#child.off('message', onMessage);
        resolve({ exited: { code, signal } });
      };
      const onMessage = (message: ProcessAnswer | { observation: Observation }) => {
        if ('observation' in message) return;
        this.#child.off('message', onMessage);
        this.#child.off('exit', onExit);
        resolve(message);
      };
      if (this.#dead) return onExit(this.#child.exitCode, this.#child.signalCode);
      this.#child.on('message', onMessage).once('exit', onExit);
    });
  }
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
function logVariables(logging: Logging): Record<string, string> {
  if (logging.format === 'Text') return { AWS_LAMBDA_LOG_FORMAT: logging.format };
  return { AWS_LAMBDA_LOG_FORMAT: logging.format, AWS_LAMBDA_LOG_LEVEL: logging.application };
}
