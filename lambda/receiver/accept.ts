import type { Archived } from '../archive/record.ts';
import { encodingAttribute } from '../queued-event/attributes.ts';
import type { OutgoingEvent } from '../queued-event/outgoing-event.ts';
import { messageAttributes, messageGroup } from '../queued-event/queue-message.ts';
import { packBytes, packEvent } from '../queued-event/text.ts';
import { workerOfCanary } from '../routing/canary-event.ts';
import type { Routes } from '../routing/routes.ts';
import { bindingsOf, provedBy } from '../zavu/binding.ts';
import { idOfBytes, type ReadEnvelope, readEnvelope, unreadableType } from '../zavu/envelope.ts';
import type { Verdict } from '../zavu/signature.ts';
import { type EventIdentity, type QueueDestination, type Refused, rejected } from './outcome.ts';

/** What a request has proved: which bytes were signed, and by which secrets. */
type Signed = Extract<Verdict, { ok: true }>;

export interface AcceptanceRules {
  /** Which worker handles which event type. */
  routes: Routes;
  /** How old an event may be by its own timestamp, which every scheme signs, in seconds; Infinity for any age. */
  maxEventAgeSeconds: number;
  /** The largest body that the queues take, dead-letter queues with their attributes included, in bytes. */
  maxEventBytes: number;
  /**
   * Whether the stack has a canary. Its events go to the worker that they name; without a canary their type is unknown.
   */
  hasCanary: boolean;
}

/** An event that is taken, and what is stored of it. */
export interface AcceptedEvent {
  event: EventIdentity;
  destination: QueueDestination;
  message: OutgoingEvent;
  /** What the archive gets; undefined if the event must not be archived. */
  archived: Archived | undefined;
}

/**
 * How long the attribute `boundTo` may be beside the largest event, in bytes: half of the 2 KB that the largest event
 * leaves for attributes.
 */
const maxBoundToBytes = 1_024;

/**
 * Makes an event of signed bytes, and decides where it goes. What Zavu signed is never refused for its shape: an event
 * that no worker can handle goes to the unrouted queue. It is refused if its secrets are bound to somebody else, or if
 * it is too old or too large.
 *
 * @param receivedAt milliseconds since the epoch
 */
export function accept(
  signature: Signed,
  rules: AcceptanceRules,
  receivedAt: number,
): AcceptedEvent | Refused {
  const { signed, by } = signature;
  const text = signed.toString('utf8');
  const read = readEnvelope(text, receivedAt);
  const destination: QueueDestination | Refused = read
    ? destinationOf(read, signature, rules, receivedAt)
    : { reason: 'unreadable' };
  if ('problem' in destination) return destination;

  const boundTo = 'reason' in destination ? bindingsOf(by) : [];
  const attributes = messageAttributes(
    'reason' in destination
      ? { reason: destination.reason, boundTo, receivedAt }
      : { receivedAt: read?.hasTime ? undefined : receivedAt },
  );
  // One key may have many bindings, and SQS counts the attribute that lists them.
  const boundToBytes = attributes.boundTo?.length ?? 0;
  const maxBytes = rules.maxEventBytes - Math.max(0, boundToBytes - maxBoundToBytes);
  const packed = read ? packEvent(text, maxBytes) : packBytes(signed, maxBytes);
  if (!packed) return rejected('payload_too_large', 'compressed');

  const event: EventIdentity = read?.event ?? { id: idOfBytes(signed), type: unreadableType };
  return {
    event,
    destination,
    message: {
      body: packed.body,
      group: messageGroup(event),
      attributes: packed.encoding ? { ...attributes, [encodingAttribute]: packed.encoding } : attributes,
    },
    archived: isArchived(destination)
      ? { ...event, queued: packed, ...(read ? {} : { boundTo }) }
      : undefined,
  };
}

/** Where an event goes, or why it is refused. */
function destinationOf(
  { event, hasTime }: ReadEnvelope,
  { by, scheme }: Signed,
  { routes, maxEventAgeSeconds, hasCanary }: AcceptanceRules,
  receivedAt: number,
): QueueDestination | Refused {
  const proof = provedBy(by, event);
  if (proof === 'elsewhere') return rejected('invalid_signature', 'secret_bound_elsewhere');
  if (proof === 'unsaid') return { reason: 'owner_unknown' };
  // v1 does not sign the signature's own time, and sha256 has none, so a captured request would stay fresh.
  if (maxEventAgeSeconds !== Number.POSITIVE_INFINITY) {
    if (!hasTime && scheme !== 'v2') return { reason: 'age_unknown' };
    if (receivedAt - event.timestamp > maxEventAgeSeconds * 1000) return rejected('stale_event', 'too_old');
  }
  const worker = routes.workerFor(event.type);
  if (worker) return { worker };
  const canaryWorker = hasCanary ? workerOfCanary(event, routes) : undefined;
  return canaryWorker ? { worker: canaryWorker, isCanary: true } : { reason: 'unknown_type' };
}

/** Whatever is archived may be replayed, so the canary's events are not, nor events whose owner or age is unknown. */
function isArchived(destination: QueueDestination): boolean {
  if ('worker' in destination) return !destination.isCanary;
  return destination.reason === 'unknown_type' || destination.reason === 'unreadable';
}
