import { constants } from 'node:os';

/** What cuts a command short: Ctrl-C, the end of the terminal, another process, or the end of who reads the output. */
type Cause = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE';

const controller = new AbortController();
/** What the command says at an interruption; undefined if it has nothing to give back. */
let notice: string | undefined;
let code: number | undefined;
let begunAt = 0;

/**
 * Lets this process end as all commands do if it is cut short: at once, if the command holds nothing; otherwise once it
 * has given back what it holds, or at once at the second interruption. The end of the reader of its output, as in
 * `| head -1`, is an interruption without a word.
 */
export function handleInterruptions(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => cutShort(signal));
  // A program that has started this one with a channel closes it. Windows has no signal that a program can catch.
  process.once('disconnect', handleDisconnection);
  process.channel?.unref();
  // It was closed while this code was loaded.
  if (process.connected === false) handleDisconnection();
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      cutShort('SIGPIPE');
    });
  }
}

/**
 * Says that the command holds something, and must end in good order if it is cut short.
 *
 * @param text what to print then; an empty text prints nothing
 * @returns a signal that aborts then
 */
export function interruption(text: string): AbortSignal {
  notice = text;
  return controller.signal;
}

/** It also comes after a signal that has ended the other program, too. Then it is no second interruption. */
function handleDisconnection(): void {
  if (code === undefined) cutShort('SIGTERM');
}

/** The exit code of a command that was cut short; undefined if it was not. */
export function cutShortBy(): number | undefined {
  return code;
}

function cutShort(cause: Cause): void {
  // Windows has no number for it.
  const exitCode = 128 + (constants.signals[cause] ?? 13);
  if (notice === undefined) process.exit(exitCode);
  if (code !== undefined) {
    // That nobody reads the output any more is no second interruption. Neither is a signal that comes at once again: npm
    // passes on what the terminal has sent to this process already.
    if (cause !== 'SIGPIPE' && performance.now() - begunAt > 1_000) process.exit(exitCode);
    return;
  }
  code = exitCode;
  // The last line may find no reader when the command has ended already.
  process.exitCode = exitCode;
  begunAt = performance.now();
  controller.abort();
  // Neither is there anybody to read it, if the terminal is gone.
  if (notice !== '' && (cause === 'SIGINT' || cause === 'SIGTERM')) console.error(notice);
}
