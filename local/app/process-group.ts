import { type ChildProcess, spawn } from 'node:child_process';

/** Of a group of its own, so that what a process starts ends with it. Windows has no groups, and opens a window instead. */
export const ownGroup = { detached: process.platform !== 'win32' };

/**
 * Ends a process that was started with `ownGroup`, and all that it has started.
 *
 * @param platform as `process.platform` names it. On Windows, taskkill does it, which ends a tree of processes
 */
export function killGroup(
  { pid }: Pick<ChildProcess, 'pid'>,
  platform: NodeJS.Platform = process.platform,
): void {
  if (pid === undefined) return;
  if (platform === 'win32') {
    const taskkill = spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
    // Without it, nothing more can be done here, and it is no reason to end this process.
    taskkill.once('error', () => undefined);
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
