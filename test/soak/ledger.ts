/** What is known of one event when a soak has ended. */
export interface Entry {
  id: string;
  /** What its handler was told to do. */
  order: string;
  /** Whether Zavu ever got a 2xx for it. */
  acknowledged: boolean;
  effects: readonly Effect[];
  /** Where it rests, and why. */
  resting: readonly { queue: string; reason: string | undefined }[];
  /** Whether a worker said that it could not record the event as handled. */
  unrecorded: boolean;
}

/** A side effect of a handler. */
export interface Effect {
  idempotencyKey: string;
  /** Whether the invocation came to its end: else its function died, or was killed. */
  ended: boolean;
}

/** How the events of a soak add up: every event counts in exactly one of the first five. */
export interface Account {
  handled: number;
  setAside: number;
  parked: number;
  lost: number;
  /** Zavu gave up on them, as it does after its last retry. */
  unacknowledged: number;
  /** Of those handled: events with two effects, by why that could not be prevented. */
  repeated: { died: string[]; unrecorded: string[] };
  /** Set aside, by reason. */
  reasons: Record<string, number>;
  /** What breaks a promise, in sentences. Empty, or the soak has failed. */
  violations: string[];
}

/**
 * Judges a soak: every acknowledged event was handled or rests with a reason, and none was handled twice but
 * those whose function died, or lost its memory, between the side effect and its record.
 */
export function judge(entries: readonly Entry[]): Account {
  const account: Account = {
    handled: 0,
    setAside: 0,
    parked: 0,
    lost: 0,
    unacknowledged: 0,
    repeated: { died: [], unrecorded: [] },
    reasons: {},
    violations: [],
  };
  for (const entry of entries) {
    count(account, entry);
    judgeEffects(account, entry);
  }
  return account;
}

function count(account: Account, { id, acknowledged, effects, resting }: Entry): void {
  const [rest] = resting;
  if (effects.length > 0) account.handled++;
  else if (rest?.queue === 'parking') account.parked++;
  else if (rest) {
    account.setAside++;
    account.reasons[rest.reason ?? 'none'] = (account.reasons[rest.reason ?? 'none'] ?? 0) + 1;
    if (!rest.reason) account.violations.push(`${id} rests without a reason.`);
  } else if (acknowledged) {
    account.lost++;
    account.violations.push(`${id} was acknowledged and is lost.`);
  } else account.unacknowledged++;
}

function judgeEffects(account: Account, { id, order, effects, unrecorded }: Entry): void {
  if (effects.length > 0 && (order === 'throw' || order === 'refuse')) {
    account.violations.push(`${id} has a side effect, though its handler always fails.`);
  }
  if (effects.some(({ idempotencyKey }) => idempotencyKey !== id)) {
    account.violations.push(`${id} had another idempotency key, which could not have protected it.`);
  }
  if (effects.length < 2) return;
  // Each repetition needs an excuse: an effect whose function died before it could be recorded.
  const excused = effects.filter(({ ended }) => !ended).length;
  if (effects.length - excused <= 1) account.repeated.died.push(id);
  else if (unrecorded) account.repeated.unrecorded.push(id);
  else account.violations.push(`${id} was handled ${effects.length} times by functions that lived.`);
}
