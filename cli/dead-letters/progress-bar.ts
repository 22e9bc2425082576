import { SingleBar } from 'cli-progress';
import type { Progress } from './scan-queues.ts';

/**
 * Draws the progress of scans on the terminal, a bar for each, and takes the bar away at the end.
 *
 * @returns what a scan tells its progress
 */
export function createProgressBar(): (progress: Progress) => void {
  let bar: SingleBar | undefined;
  return ({ seen, expected, hasEnded }) => {
    if (!bar) {
      bar = new SingleBar({
        format: '{bar} {value} of about {total} looked at',
        clearOnComplete: true,
        gracefulExit: false,
      });
      bar.start(expected, seen);
    }
    bar.setTotal(expected);
    bar.update(seen);
    if (!hasEnded) return;
    bar.stop();
    bar = undefined;
  };
}
