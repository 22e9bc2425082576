import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { region } from '../../aws/template/environment.ts';
import type { FunctionDefinition } from './definitions.ts';
import type { FunctionInvocation } from './invocation.ts';
import { nodeOptions } from './node-options.ts';
import type { Thrown } from './platform-lines.ts';

/** What the process answers, to an invocation and once it is ready: a result, which may be nothing, or an error. */
export interface ProcessAnswer {
  result?: unknown;
  thrown?: Thrown;
  /** The most that its whole process has held in RAM so far, Node itself too. */
  maxMemoryMb: number;
}

/** What comes of a process that does not answer. */
export type NoAnswer =
  | { timedOutAfterMs: number }
  | { exited: { code: number | null; signal: NodeJS.Signals | null } };

/** The process of a sandbox, which answers one invocation at a time. */
export class SandboxProcess {
  readonly #child: ChildProcess;
  #dead = false;

  /**
   * Starts it. Its first answer says that it is ready.
   *
   * @param onLine takes what it prints
   */
  constructor(definition: FunctionDefinition, onLine: (line: string) => void) {
    const { name, module, exported, environment, compileCache, memoryMb } = definition;
    this.#child = fork(join(import.meta.dirname, './bootstrap.mjs'), [module, exported], {
      execArgv: nodeOptions(memoryMb),
      env: {
        PATH: process.env.PATH ?? '',
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
        ...(compileCache ? { NODE_COMPILE_CACHE: compileCache } : {}),
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', onLine);
    }
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

  /** Waits for its next answer, and kills it when that takes longer. Never throws. */
  async answerWithin(milliseconds: number): Promise<ProcessAnswer | NoAnswer> {
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      this.kill();
    }, milliseconds);
    const answer = await this.#nextAnswer();
    clearTimeout(timer);
    return timedOut ? { timedOutAfterMs: milliseconds } : answer;
  }

  #nextAnswer(): Promise<ProcessAnswer | NoAnswer> {
    return new Promise((resolve) => {
      const onExit = (code: number | null, signal: NodeJS.Signals | null) => {
        this.#child.off('message', onMessage);
        resolve({ exited: { code, signal } });
      };
      const onMessage = (message: ProcessAnswer) => {
        this.#child.off('exit', onExit);
        resolve(message);
      };
      if (this.#dead) return onExit(this.#child.exitCode, this.#child.signalCode);
      this.#child.once('message', onMessage).once('exit', onExit);
    });
  }
}
