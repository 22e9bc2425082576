import { writeSync } from 'node:fs';

/** Whether this process ends with the sentence alone by now. */
let isHeeded = false;

/**
 * Settings in the context that a person has to change. If nobody catches it, the process ends with its message alone and
 * exit code 1: Node would print code of this package around it, and a stack in which nothing helps that person. Any
 * other error is left to Node.
 *
 * @see https://nodejs.org/api/process.html#event-uncaughtexceptionmonitor
 */
export class SettingsError extends Error {
  constructor(message: string) {
    super(message);
    if (isHeeded) return;
    isHeeded = true;
    process.on('uncaughtExceptionMonitor', (error) => {
      if (!(error instanceof SettingsError)) return;
      // At once, because the process ends before a pipe of Windows would have it.
      writeSync(process.stderr.fd, `${error.message}\n`);
      process.exit(1);
    });
  }
}
