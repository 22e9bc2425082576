import { waitFor } from '../../testing/waiting.ts';
import { timeoutMs } from './test-timing.ts';

/** Waits until something holds, and says what was missing if it never did. */
export function eventually(holds: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  return waitFor(holds, timeoutMs, what);
}
