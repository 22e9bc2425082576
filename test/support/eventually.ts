import { timeoutMs } from './test-timing.ts';

/** Waits until something holds, and says what was missing when it never did. */
export async function eventually(holds: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain for ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
