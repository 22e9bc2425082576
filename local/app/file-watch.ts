import { watch } from 'node:fs';

const watched = ['lambda', 'lib', 'bin'];
const settleMs = 200;

/**
 * Runs something whenever sources change, once the changes have settled, and one run at a time.
 *
 * @param onError takes the error of a run, which ends nothing
 */
export function onSourceChange(run: () => Promise<void>, onError: (error: unknown) => void): void {
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  for (const directory of watched) {
    watch(directory, { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        running = running.then(run).catch(onError);
      }, settleMs);
    });
  }
}
