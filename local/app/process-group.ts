import { type ChildProcess, spawn } from 'node:child_process';

/** Of a group of its own, so that what a process starts ends with it. */
export const ownGroup = { detached: process.platform !== 'win32' };

/** Ends a process that was started with `ownGroup`, and all that it has started. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
