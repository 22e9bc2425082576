import { rmSync } from 'node:fs';

/**
 * Removes a file, or a directory with all that is in it, if it is there. Windows refuses this while a process has a file of
 * it open, and a process that was killed may need a moment to be gone: it is tried again for up to a second.
 *
 * @throws Error of the last try
 */
export function removeTree(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 6, retryDelay: 50 });
}
