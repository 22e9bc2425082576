/** The command was given wrongly: it ends with 2, and nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
