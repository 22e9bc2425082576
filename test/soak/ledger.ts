import { orders } from '../e2e/orders.ts';

/** What is known of one event when a soak has ended. */
export interface LedgerEntry {
  id: string;
  /** What its handler was told to do. */
  order: string;
  /** The idempotency keys by which it is handled: one for each owner that uses its id; none of what nobody can read. */
  keys: readonly string[];
  /** Whether Zavu ever got a 2xx for it. */
  acknowledged: boolean;
  effects: readonly Effect[];
  /** Which dead-letter queue, or the unrouted queue, keeps it, and why. */
  kept: readonly { queue: string; reason: string | undefined }[];
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
  deadLetter: number;
  unrouted: number;
  lost: number;
  /** Zavu gave up on them, as it does after its last retry. */
  unacknowledged: number;
  /** Of those handled: events with two effects, by why that could not be prevented. */
  repeated: { died: string[]; unrecorded: string[] };
  /** Dead-lettered, by reason. */
  reasons: Record<string, number>;
  /** What breaks a promise, in sentences. Empty, or the soak has failed. */
  violations: string[];
}

/**
 * Judges a soak: every acknowledged event was handled or kept with a reason, and none was handled twice but
 * those whose function died, or could not record it, between the side effect and its record.
 */
export function judge(entries: readonly LedgerEntry[]): Account {
  const account: Account = {
    handled: 0,
    deadLetter: 0,
    unrouted: 0,
    lost: 0,
    unacknowledged: 0,
    repeated: { died: [], unrecorded: [] },
    reasons: {},
    violations: [],
  };
  for (const entry of entries) {
    count(account, entry);
    judgeEffects(account, entry);
    judgeKeys(account, entry);
  }
  return account;
}

function count(account: Account, { id, acknowledged, effects, kept }: LedgerEntry): void {
  const [place] = kept;
  if (effects.length > 0) account.handled++;
  else if (place?.queue === 'unrouted') account.unrouted++;
  else if (place) {
    account.deadLetter++;
    account.reasons[place.reason ?? 'none'] = (account.reasons[place.reason ?? 'none'] ?? 0) + 1;
    if (!place.reason) account.violations.push(`${id} is kept without a reason.`);
  } else if (acknowledged) {
    account.lost++;
    account.violations.push(`${id} was acknowledged and is lost.`);
  } else account.unacknowledged++;
}

/** Each owner's event is handled, or is kept somewhere: none is another's duplicate. */
function judgeKeys(account: Account, { id, keys, effects, kept, acknowledged }: LedgerEntry): void {
  if (keys.length === 0 && acknowledged && !kept.some(({ reason }) => reason === 'unreadable'))
    account.violations.push(`${id} can be read by nobody, and is not unrouted as such.`);
  if (keys.length < 2 || !acknowledged) return;
  const handled = new Set(effects.map(({ idempotencyKey }) => idempotencyKey)).size;
  if (handled + kept.length < keys.length)
    account.violations.push(`${id} was handled for ${handled} of its ${keys.length} owners.`);
}

function judgeEffects(account: Account, { id, order, keys, effects, unrecorded }: LedgerEntry): void {
  if (effects.length > 0 && (order === orders.throw || order === orders.refuse)) {
    account.violations.push(`${id} has a side effect, though its handler always fails.`);
  }
  if (effects.some(({ idempotencyKey }) => !keys.includes(idempotencyKey))) {
    account.violations.push(`${id} had another idempotency key, which could not have protected it.`);
  }
  for (const own of Map.groupBy(effects, ({ idempotencyKey }) => idempotencyKey).values()) {
    if (own.length < 2) continue;
    // Each repetition needs an excuse: an effect whose function died before it could be recorded.
    const excused = own.filter(({ ended }) => !ended).length;
    if (own.length - excused <= 1) account.repeated.died.push(id);
    else if (unrecorded) account.repeated.unrecorded.push(id);
    else account.violations.push(`${id} was handled ${own.length} times by functions that lived.`);
  }
}
