import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The processes that a process has started and that still run. */
export async function childrenOf(pid: number | undefined): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,ppid=']);
  const rows = stdout
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/));
  return rows.flatMap(([child = '', parent]) => (parent === String(pid) ? [Number(child)] : []));
}

/** @returns false if it has ended since */
export function killAtOnce(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
