import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { printable } from '../printable.ts';
import { killGroup, ownGroup } from './process-group.ts';

/** How many errors are shown. */
const maxShown = 5;

/**
 * Checks the types of an app beside its local run, by the app's own TypeScript: bundling does not look at types. It stops
 * nothing, and goes behind everything else.
 */
export class TypeCheck {
  readonly #folder: string;
  readonly #print: (line: string) => void;
  readonly #compiler: string | undefined;
  #child: ChildProcess | undefined;
  #hadErrors = false;

  /** @param print takes what there is to say: errors, and that there are none any more */
  constructor(folder: string, print: (line: string) => void) {
    this.#folder = folder;
    this.#print = print;
    this.#compiler = existsSync(join(folder, 'tsconfig.json')) ? findCompiler(folder) : undefined;
  }

  /** Begins a check, in place of one that has not ended. Resolves at its end. */
  async start(): Promise<void> {
    this.stop();
    if (this.#compiler === undefined) return;
    const child = spawn(process.execPath, [this.#compiler, '--noEmit', '--pretty', 'false'], {
      cwd: this.#folder,
      stdio: ['ignore', 'pipe', 'ignore'],
      ...ownGroup,
    });
    this.#child = child;
    if (child.pid !== undefined) lower(child.pid);
    const exited = new Promise<number | null>((settle) => {
      child.once('exit', settle).once('error', () => settle(null));
    });
    const printed = await text(child.stdout);
    const code = await exited;
    if (this.#child !== child) return;
    this.#child = undefined;
    const errors = typeErrors(printed);
    // A compiler that was ended, or that failed by itself, has found out nothing.
    if (code === 0 || errors.length > 0) this.#report(errors);
  }

  stop(): void {
    const child = this.#child;
    this.#child = undefined;
    if (child) killGroup(child);
  }

  #report(errors: readonly string[]): void {
    if (errors.length > 0) {
      const more = errors.length - maxShown;
      const shown = errors.slice(0, maxShown).map((line) => `  ${printable(line)}`);
      this.#print(['Type errors:', ...shown, ...(more > 0 ? [`  and ${more} more`] : [])].join('\n'));
    } else if (this.#hadErrors) this.#print('No type errors any more.');
    this.#hadErrors = errors.length > 0;
  }
}

/** The errors in what `tsc --pretty false` prints, a line for each: `lambda/a.ts:1:2: TS2322: …`. */
export function typeErrors(printed: string): string[] {
  return printed
    .split(/\r?\n/)
    .filter((line) => /error TS\d+: /.test(line))
    .map((line) => line.replace(/^(.+)\((\d+),(\d+)\): error /, '$1:$2:$3: '));
}

/** The file that Node runs as `tsc`; undefined if the app has none. */
function findCompiler(folder: string): string | undefined {
  try {
    const manifest = createRequire(join(folder, 'package.json')).resolve('typescript/package.json');
    const { bin }: { bin?: { tsc?: string } } = JSON.parse(readFileSync(manifest, 'utf8'));
    return bin?.tsc && join(dirname(manifest), bin.tsc);
  } catch {
    return undefined;
  }
}

function lower(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended by itself, or the system does not allow it.
  }
}
