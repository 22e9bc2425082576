/**
 * Waits until something holds.
 *
 * @param ms how long it waits, in milliseconds
 * @param what is missing, for the error: it is asked when the time is over
 * @throws Error if it does not hold by then
 */
export async function waitFor(
  holds: () => boolean | Promise<boolean>,
  ms: number,
  what: () => string,
): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Waited ${ms} ms in vain for ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
