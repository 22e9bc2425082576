import type { UnroutedReason } from '../../lambda/queued-event/queue-message.ts';
import type { Routes } from '../../lambda/routing/routes.ts';
import { provedBy } from '../../lambda/zavu/binding.ts';
import { docsPage } from '../../lib/docs-page.ts';
import { deployFirst } from '../shared/routes.ts';
import type { MessageSummary, StoredMessage } from './stored-message.ts';

/** Why a redrive leaves an event where it is. */
export type Stay =
  /** No type can be read from it. */
  | 'unreadable'
  /** No worker handles its type. */
  | 'unrouted'
  /** The deployment is of a version that does not tell which worker handles its type. */
  | 'routes_unknown'
  /** Every secret that signed it is bound to another sender or project than it says. */
  | 'bound_elsewhere'
  /** It does not say whose it is, and nobody has said that this is fine. */
  | 'owner_unknown'
  /** It does not say how old it is, and nobody has said that this is fine. */
  | 'age_unknown';

/** Where a redrive sends an event. */
export type RedriveDestination = { worker: string } | { stays: Stay };

/** The reason of an unrouted event that carries none: an earlier version put it into its queue. */
export const noReason = 'no_reason';

/** The reasons that an unrouted event may have. */
export const unroutedReasons: readonly (UnroutedReason | typeof noReason)[] = [
  'unknown_type',
  'unreadable',
  'owner_unknown',
  'age_unknown',
  noReason,
];

/**
 * Where a redrive sends an unrouted event, as this code reads it and as the deployment routes it.
 *
 * @param routes the deployment's; undefined if it does not tell them
 * @param named the reasons that a person has named. An event that was kept because its owner or its age is not known
 * goes only if that reason is among them
 */
export function destinationOfUnrouted(
  { event, reason, boundTo }: Pick<StoredMessage, 'event' | 'reason' | 'boundTo'>,
  named: readonly string[],
  routes: Routes | undefined,
): RedriveDestination {
  if (!event) return { stays: 'unreadable' };
  const proof = boundTo ? provedBy(boundTo, event) : 'proved';
  if (proof === 'elsewhere') return { stays: 'bound_elsewhere' };
  const isOwnerUnknown = reason === 'owner_unknown' || proof === 'unsaid';
  if (isOwnerUnknown && !named.includes('owner_unknown')) return { stays: 'owner_unknown' };
  if (reason === 'age_unknown' && !named.includes(reason)) return { stays: reason };
  if (!routes) return { stays: 'routes_unknown' };
  const worker = routes.workerFor(event.type);
  return worker ? { worker } : { stays: 'unrouted' };
}

/** Why a redrive leaves an event where it is, and what to do about it: the end of a sentence about one or more of them. */
export function whyItStays(stays: Stay, { reason, type }: Pick<MessageSummary, 'reason' | 'type'>): string {
  switch (stays) {
    case 'unreadable':
      return `no type can be read. Deploy a version that reads it (${docsPage('runbook.md')}, UnreadableEvents).`;
    case 'unrouted':
      return `no worker handles ${type}. Route it in your table of handlers and deploy.`;
    case 'routes_unknown':
      return `the stack is of an earlier version, which does not tell which worker handles which type. ${deployFirst}`;
    case 'bound_elsewhere':
      return 'the secret that signed is bound to another sender or project than the event names. Nothing proves whose event it is: look at it, and discard it.';
    case 'owner_unknown':
    case 'age_unknown': {
      const lacks = {
        owner_unknown: 'whose it is, and a bound secret signed it',
        age_unknown: 'how old it is',
      };
      const names = [...new Set([reason, stays])].map((name) => `--reason ${name}`);
      return `the event does not say ${lacks[stays]}. Look at it. If it is right, redrive with ${names.join(' ')}.`;
    }
  }
}
