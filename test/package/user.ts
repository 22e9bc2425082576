import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { Ready, ReportLine } from '../../testing/report-line.ts';
import { withState } from '../../testing/start-process.ts';

export interface Ended {
  stdout: string;
  /** Standard output, and then standard error. */
  printed: string;
}

/** The environment of a terminal: without what npm and jest have set for this process, the repository's Node included. */
const environment: NodeJS.ProcessEnv = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^npm_|^(?:INIT_CWD|NODE|NODE_OPTIONS|NODE_ENV|NODE_COMPILE_CACHE|JEST_WORKER_ID|CDK_VALIDATION)$/i.test(
          name,
        ),
    ),
  ),
  PATH: (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !/node_modules|node-gyp-bin/.test(folder))
    .join(delimiter),
  npm_config_prefer_offline: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
};

/**
 * Variables of an app whose template CDK has judged in another test, by `cdk synth` as users run it. It judges in each
 * synthesis, and takes longer for it than for all the rest.
 */
export const judgedBefore = { CDK_VALIDATION: 'false' };

function start(
  folder: string,
  command: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): ChildProcess {
  const isWindows = process.platform === 'win32';
  return spawn(command, args, {
    cwd: folder,
    env: { ...environment, ...variables },
    // Windows finds npm.cmd by a shell alone.
    shell: isWindows,
    // Of a group of its own, which an interrupt reaches as a whole, as Ctrl-C does.
    detached: !isWindows,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/**
 * Runs a command to its end, as a user would in a terminal.
 *
 * @param code with which it is expected to end
 * @throws Error with what it printed, if it ends otherwise
 */
export async function asUser(folder: string, command: string, ...args: readonly string[]): Promise<Ended> {
  const { code, ...ended } = await end(folder, command, args);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${ended.printed}`);
  return ended;
}

/**
 * Runs a command that is to fail.
 *
 * @throws Error with what it printed, if it does not
 */
export async function failAsUser(
  folder: string,
  command: string,
  ...args: readonly string[]
): Promise<Ended> {
  const { code, ...ended } = await end(folder, command, args);
  if (code === 0) throw new Error(`${command} ${args.join(' ')} did not fail:\n${ended.printed}`);
  return ended;
}

/**
 * Runs a command to whatever end it comes to.
 *
 * @param variables of its environment
 */
export async function end(
  folder: string,
  command: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
) {
  const child = start(folder, command, args, variables);
  const { stdout: out, stderr: err } = child;
  if (!out || !err) throw new Error('No output.');
  const [[code], stdout, stderr] = await Promise.all([once(child, 'exit'), text(out), text(err)]);
  return { code, stdout, printed: stdout + stderr };
}

/** What ends an event, or the attempt at it. */
const ends = ['handled', 'retried', 'dead_lettered', 'unrouted', 'duplicate'];

/** A local run that a user has started in a terminal. */
export interface StartedRun {
  /** What it said when it was ready. */
  ready: Ready;
  /**
   * Waits until something is reported of an event, one wait at a time.
   *
   * @param events kinds of line: the first line of any of them is given
   * @throws Error with all that was printed, if the run ends before
   */
  until(events: string | readonly string[], isRight: (line: ReportLine) => boolean): Promise<ReportLine>;
  /**
   * Waits until an event has come to an end.
   *
   * @param id of the event
   * @returns which end
   * @throws Error with all that was printed, if the run ends before
   */
  endOf(id: string): Promise<string>;
  /** Waits until all that it printed fits. */
  untilPrinted(pattern: RegExp): Promise<void>;
  /** Interrupts it, and waits until all of it has ended. */
  stop(): Promise<void>;
}

/**
 * Starts the local run, and waits until it takes events.
 *
 * @param command such as `npm start --`, to which `--json` and a free port are added
 * @param variables of its environment
 * @throws Error with all that it printed, if it does not become ready
 */
export async function startLocalRun(
  folder: string,
  [command = '', ...args]: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<StartedRun> {
  const child = start(folder, command, [...args, '--json', '--port=0'], variables);
  const { stdout, stderr, pid } = child;
  if (!stdout || !stderr || pid === undefined) throw new Error(`${command} did not start.`);
  const lines: ReportLine[] = [];
  let printed = '';
  let check = () => {};
  let checkText = () => {};
  const { promise: becameReady, resolve: becomeReady } = Promise.withResolvers<Ready>();
  createInterface({ input: stdout }).on('line', (line) => {
    printed += `${line}\n`;
    // npm says first what it runs.
    if (!line.startsWith('{')) return;
    const report: ReportLine & Ready = JSON.parse(line);
    if (report.event === 'ready') becomeReady(withState(report));
    lines.push(report);
    check();
  });
  stderr.on('data', (chunk) => {
    printed += chunk;
    checkText();
  });
  const ended = new Promise<never>((_, reject) => {
    child.once('close', (code) =>
      reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${printed}`)),
    );
  });
  // It ends at last, when nobody waits.
  ended.catch(() => {});
  const interrupt = () => {
    if (child.exitCode === null && child.signalCode === null)
      process.kill(process.platform === 'win32' ? pid : -pid, 'SIGINT');
  };
  // A test that ran out of time stops nothing.
  process.once('exit', interrupt);
  const until: StartedRun['until'] = (events, isRight) =>
    Promise.race([
      ended,
      new Promise<ReportLine>((resolve) => {
        check = () => {
          const found = lines.find((line) => [events].flat().includes(line.event) && isRight(line));
          if (found) resolve(found);
        };
        check();
      }),
    ]);
  const ready = await Promise.race([ended, becameReady]);
  return {
    ready,
    until,
    untilPrinted: (pattern) =>
      Promise.race([
        ended,
        new Promise<void>((resolve) => {
          checkText = () => {
            if (pattern.test(printed)) resolve();
          };
          checkText();
        }),
      ]),
    endOf: async (id) => (await until(ends, (line) => line.id === id)).event,
    async stop() {
      interrupt();
      await ended.catch(() => {});
    },
  };
}
