/** The waits of the end-to-end tests, in one place: seconds where production has minutes and hours. */
export const quick = {
  /** Two attempts, a second apart. */
  retryDelaysSeconds: '1',
  /** A handler that hangs is killed after this; its message comes back after six times as long. */
  workerTimeoutSeconds: 2,
} as const;

/** How long a test waits for something that must happen: several times what it takes on a busy machine. */
export const patienceMs = 60_000;
