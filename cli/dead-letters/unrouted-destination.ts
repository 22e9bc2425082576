import type { UnroutedReason } from '../../lambda/receiver/queue-message.ts';
import { type WorkerName, workerFor } from '../../lambda/routing/routes.ts';
import { provedBy } from '../../lambda/zavu/binding.ts';
import type { StoredMessage } from './stored-message.ts';

/** Why a redrive leaves an event where it is. */
export type Stay =
  /** No type can be read from it. */
  | 'unreadable'
  /** No worker handles its type. */
  | 'unrouted'
  /** Every secret that signed it is bound to another sender or project than it says. */
  | 'bound_elsewhere'
  /** It does not say whose it is, and nobody has said that this is fine. */
  | 'owner_unknown'
  /** It does not say how old it is, and nobody has said that this is fine. */
  | 'age_unknown';

/** Where a redrive sends an event. */
export type Destination = { worker: WorkerName } | { stays: Stay };

/** The reasons that an unrouted event may have; `none` where an earlier version unrouted it. */
export const unroutedReasons: readonly (UnroutedReason | 'none')[] = [
  'unknown_type',
  'unreadable',
  'owner_unknown',
  'age_unknown',
  'none',
];

/**
 * Where an unrouted event goes, as this code reads and routes it.
 *
 * @param named the reasons that a person has named: what was kept for its owner or its age goes by that alone
 */
export function destinationOfUnrouted(
  { event, reason, boundTo }: Pick<StoredMessage, 'event' | 'reason' | 'boundTo'>,
  named: readonly string[],
): Destination {
  if (!event) return { stays: 'unreadable' };
  const proof = boundTo ? provedBy(boundTo, event) : 'proved';
  if (proof === 'elsewhere') return { stays: 'bound_elsewhere' };
  const isOwnerUnknown = reason === 'owner_unknown' || proof === 'unsaid';
  if (isOwnerUnknown && !named.includes('owner_unknown')) return { stays: 'owner_unknown' };
  if (reason === 'age_unknown' && !named.includes(reason)) return { stays: reason };
  const worker = workerFor(event.type);
  return worker ? { worker } : { stays: 'unrouted' };
}
