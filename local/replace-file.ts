import { renameSync } from 'node:fs';

/** How Windows refuses to replace a file that another process is reading. */
const isBusy = /^(?:EPERM|EACCES|EBUSY)$/;
/** How often it is tried again, and how long is waited in between: whoever reads a small file is done soon. */
const tries = 20;
const pauseMs = 10;

/**
 * Puts a file in the place of another one, at once. On Windows this fails while somebody reads the other one, and is tried
 * again.
 *
 * @param platform as `process.platform` names it
 * @param rename what puts it there
 * @throws Error of the last try, or of the first one if waiting does not help
 */
export function replaceFile(
  from: string,
  to: string,
  platform: NodeJS.Platform = process.platform,
  rename: (from: string, to: string) => void = renameSync,
): void {
  for (let left = platform === 'win32' ? tries : 0; ; left--) {
    try {
      rename(from, to);
      return;
    } catch (error) {
      if (left === 0 || !isBusy.test(String(Object(error).code))) throw error;
      // State is written by functions that do not wait for anything.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
}
