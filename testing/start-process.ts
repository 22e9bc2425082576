import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { childrenOf } from '../test/support/child-processes.ts';
import { tailOf } from './outcomes.ts';

const root = join(import.meta.dirname, '..');

/** The process of `npm start -- --json`. */
export class StartProcess {
  readonly #process: ChildProcess;
  #stderr = '';

  /**
   * Starts it.
   *
   * @param options of `npm start`
   * @param env variables beside those of this process
   * @param directory a copy of this project that it runs from, rather than this one
   */
  constructor(options: readonly string[], env: Readonly<Record<string, string>>, directory = root) {
    this.#process = spawn(process.execPath, ['local/start.ts', '--json', ...options], {
      cwd: directory,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString();
    });
  }

  /** Calls `onLine` for each line of its standard output, from now on. */
  read(onLine: (line: string) => void): void {
    const { stdout } = this.#process;
    if (!stdout) throw new Error('No standard output.');
    createInterface({ input: stdout }).on('line', onLine);
  }

  /** Rejects when it ends, with what it said last. */
  ended(): Promise<never> {
    return new Promise((_, reject) => {
      this.#process.once('exit', (code) =>
        reject(new Error(`npm start ended with ${code}: ${this.lastErrors}`)),
      );
    });
  }

  /** What it printed as an error, the end of it. */
  get lastErrors(): string {
    return tailOf(this.#stderr);
  }

  /** How often it has deployed changed code, with the option `--watch`. */
  get redeployments(): number {
    return this.#stderr.split('Deployed again.').length - 1;
  }

  /** The processes that it has started and that still run. */
  children(): Promise<number[]> {
    return childrenOf(this.#process.pid);
  }

  /**
   * Interrupts it, as Ctrl-C does, and waits for its end.
   *
   * @returns its exit code; null if a signal ended it
   */
  async stop(): Promise<number | null> {
    const exited = new Promise((resolve) => this.#process.once('exit', resolve));
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill('SIGINT');
      await exited;
    }
    return this.#process.exitCode;
  }
}
