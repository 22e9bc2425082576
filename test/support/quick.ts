/** The settings of the end-to-end tests' stacks, in one place: seconds where production has minutes and hours. */
export const quick = {
  /** Two attempts, a second apart. */
  retryDelaysSeconds: '1',
  /**
   * What a handler has, on a machine that is busy with other things. A test whose subject is time, or the end of
   * a function, sets less: what was in a function's hands comes back after six times as long.
   */
  workerTimeoutSeconds: '10',
} as const;

/** More than a handler has, for `comeBackAfter`. */
export const comeBackSeconds = Number(quick.workerTimeoutSeconds) + 2;

/** How long a test waits for what must happen. Only a failing test waits so long; jest's own limit is above it. */
export const patienceMs = 180_000;
