/**
 * What a test's text makes a handler do. An event with any other text is handled, and then its text is written into the
 * ledger: that line is the side effect, of which tests count how often there was one. `oddities` in scripted-handlers.ts
 * has more texts.
 *
 * What is done once is done the first time that the handler runs for the event, and not at the first attempt: a message
 * may come to a handler for the first time with its second attempt.
 */
export const orders = {
  // Before the side effect.
  /** It throws an error at every attempt. */
  throw: 'throw',
  throwOnce: 'throw once',
  /** It throws PermanentFailure. */
  refuse: 'refuse',
  /** It throws PermanentFailure until the test calls `stack.fix()`. */
  refuseUntilFixed: 'refuse until fixed',
  /** It reads a table that its role does not allow. */
  trespass: 'trespass',
  /** It never ends, so that Lambda ends it when its time is over. */
  hang: 'hang',
  /** It kills its process at every attempt. */
  die: 'die',
  dieOnce: 'die once',
  /** Its process is killed once, when its message has come and the event is not yet claimed. */
  dieBeforeClaim: 'die before claim',
  /** It does not end until the test has killed it with `stack.killHandlerOf(id)`. The next attempt succeeds. */
  waitToBeKilled: 'wait to be killed',
  /** It takes more memory than a worker has. */
  take600Mb: 'take 600 MB',
  /** It takes 300 ms. */
  slow: 'slow',
  /** It makes another event of its own, and handles that. */
  tamper: 'tamper',
  // After the side effect.
  /** It kills its process once. */
  dieAfterEffect: 'die after effect',
  /** It waits until the test calls `stack.fix()`. */
  lingerUntilFixed: 'linger until fixed',
} as const;

export type Order = (typeof orders)[keyof typeof orders];
