import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tailOf } from './outcomes.ts';
import type { Ready, ReportLine } from './report-line.ts';

/** How the local run is started. */
interface Start {
  /** The Node that runs it. */
  node: string;
  /** Its file, absolute or from `directory`. */
  entry: string;
  /** Its arguments, `--json` among them. */
  options: readonly string[];
  /** Variables beside those of this process. */
  env: Readonly<Record<string, string>>;
  /** From which it runs, and where cdk.json is. */
  directory: string;
}

/** What a local run said when it was ready, with what it says to its state file alone. */
export function withState(ready: Ready): Ready {
  const state: Pick<Ready, 'secret' | 'credentials'> = JSON.parse(readFileSync(ready.stateFile, 'utf8'));
  const { secret, credentials } = state;
  return { ...ready, secret, credentials };
}

/** The process of `npx zavu-webhooks start --json`. It ends with this one at the latest. */
export class StartProcess {
  readonly #process: ChildProcess;
  readonly #lines: ReturnType<typeof createInterface>;
  #stderr = '';

  /** Starts it. */
  constructor({ node, entry, options, env, directory }: Start) {
    const child = spawn(node, [entry, ...options], {
      cwd: directory,
      env: { ...process.env, ...env },
      // The channel's end ends it in good order, on Windows, too, which kills what a signal is sent to.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const { stdout, stderr } = child;
    if (!stdout || !stderr) throw new Error('The local run has no output.');
    stderr.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString();
    });
    // Such as a directory that is not there. It has not started then, and never exits.
    child.once('error', (error) => {
      this.#stderr += error.message;
    });
    this.#lines = createInterface({ input: stdout });
    this.#process = child;
  }

  /**
   * Waits until the stack takes requests.
   *
   * @param onLine takes every other line of the run, from now to its end
   * @throws Error with what it said last, if it ends before
   */
  ready(onLine: (report: ReportLine, line: string) => void): Promise<Ready> {
    const ready = new Promise<Ready>((resolve) => {
      this.#lines.on('line', (line) => {
        const report: ReportLine & Ready = JSON.parse(line);
        if (report.event === 'ready') resolve(withState(report));
        else onLine(report, line);
      });
    });
    return Promise.race([ready, this.#ended()]);
  }

  /** Rejects when it ends, with what it said last. */
  #ended(): Promise<never> {
    return new Promise((_, reject) => {
      const end = (code: unknown) =>
        reject(new Error(`The local run ended with ${code}: ${this.lastErrors}`));
      this.#process.once('exit', end).once('error', () => end('no process'));
    });
  }

  /** What it printed as an error, the end of it. */
  get lastErrors(): string {
    return tailOf(this.#stderr);
  }

  /** How often it has deployed changed code, with the option `--watch`. */
  get redeployments(): number {
    return this.#stderr.split('Deployed again in ').length - 1;
  }

  /** Undefined if it could not be started. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Whether it runs. */
  get isRunning(): boolean {
    const { pid, exitCode, signalCode } = this.#process;
    return pid !== undefined && exitCode === null && signalCode === null;
  }

  /**
   * Ends it, as Ctrl-C does, and waits for its end.
   *
   * @returns its exit code; null if a signal ended it
   */
  async stop(): Promise<number | null> {
    const exited = new Promise((resolve) => this.#process.once('exit', resolve));
    if (this.isRunning) {
      if (this.#process.connected) this.#process.disconnect();
      await exited;
    }
    return this.#process.exitCode;
  }
}
