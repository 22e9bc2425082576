/** The settings of the end-to-end tests' stacks, in one place: seconds where production has minutes and hours. */
export const quickSettings = {
  /** Two attempts, a second apart. */
  retryDelaysSeconds: '1',
  /**
   * What a handler has, on a machine that is busy with other things. A test whose subject is time sets less.
   */
  workerTimeoutSeconds: '10',
} as const;

/** How long a test waits for what must happen. Only a failing test waits so long; jest's own limit is above it. */
export const timeoutMs = 180_000;
