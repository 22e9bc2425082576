import { readFileSync } from 'node:fs';

/**
 * The most memory that this process has held in RAM so far, in MB, rounded up: Node itself is part of it.
 *
 * On Linux, `resourceUsage().maxRSS` begins with what the process held that started this one (the kernel keeps it
 * across exec): the peak of a small function would be that of the whole local run. `VmHWM` is of this process alone.
 *
 * @returns {number}
 * @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
export function peakMemoryMb() {
  return Math.ceil(peakKilobytes() / 1024);
}

function peakKilobytes() {
  if (process.platform === 'linux') {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
    if (kilobytes) return Number(kilobytes);
  }
  return process.resourceUsage().maxRSS;
}
