import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const root = join(import.meta.dirname, '../..');

/** A command of this project, by the name that `npx zavu-webhooks` knows. */
export type Command =
  | 'start'
  | 'send'
  | 'secrets'
  | 'register'
  | 'replay'
  | 'event'
  | 'message'
  | 'retry'
  | 'dead-letters'
  | 'unrouted'
  | 'smoke'
  | 'pause'
  | 'resume'
  | 'reconcile'
  | 'cost';

export interface CommandOptions {
  /**
   * The state file by which it finds a local run. A `StartedStack` has one, so it may stand here itself.
   *
   * @default as the environment says
   */
  stateFile?: string;
  /** Variables beside those of this process. */
  env?: Readonly<Record<string, string>>;
  /**
   * What it reads from its standard input.
   *
   * @default nothing
   */
  input?: string;
  /**
   * The project whose code it runs.
   *
   * @default this one
   */
  directory?: string;
  /**
   * The folder that it is started in.
   *
   * @default that of the project
   */
  folder?: string;
}

export interface Ended {
  /** Null if it was killed. */
  code: number | null;
  stdout: string;
  stderr: string;
  /** All that it printed: its standard output, and then its standard error. */
  printed: string;
}

export interface Running {
  process: ChildProcess;
  ended: Promise<Ended>;
}

/** Starts a command, without npm between it and the test: so a signal reaches it once. */
export function startCommand(
  command: Command,
  args: readonly string[],
  { stateFile, env, input, directory = root, folder = directory }: CommandOptions = {},
): Running {
  const child = spawn(process.execPath, [join(directory, 'bin/zavu-webhooks.mjs'), command, ...args], {
    cwd: folder,
    env: { ...process.env, ...(stateFile && { ZAVU_LOCAL_STATE: stateFile }), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  // A test may end the reading before the command ends.
  const printed = [child.stdout, child.stderr].map((stream) => text(stream).catch(() => ''));
  const ended = Promise.all([once(child, 'exit'), ...printed]);
  return {
    process: child,
    ended: ended.then(([[code], stdout = '', stderr = '']) => ({
      code,
      stdout,
      stderr,
      printed: stdout + stderr,
    })),
  };
}

/** Runs a command to its end. */
export function runCommand(
  command: Command,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<Ended> {
  return startCommand(command, args, options).ended;
}
