import { createHash } from 'node:crypto';
import { encodingAttribute, receivedAtAttribute } from '../queued-event/attributes.ts';
import type { Encoding } from '../queued-event/text.ts';
import { asciiJson } from '../shared/json.ts';
import type { Binding } from '../zavu/binding.ts';
import type { Envelope } from '../zavu/envelope.ts';

/** Why an event waits in the unrouted queue. */
export type UnroutedReason =
  /** Nobody handles its type. */
  | 'unknown_type'
  /** No type can be read from it. */
  | 'unreadable'
  /** It does not say whose it is, and the secret that signed it is bound. */
  | 'owner_unknown'
  /** It names no time that can be right, and `maxEventAgeSeconds` asks for one. */
  | 'age_unknown';

/** What a queue message says beside its event. */
export interface MessageFacts {
  encoding?: Encoding | undefined;
  /** When the receiver took it, in milliseconds: for an event that names no time of its own. */
  receivedAt?: number | undefined;
  reason?: UnroutedReason | undefined;
  /** What the secrets that signed it are bound to, where none of them is free: it is to be proved once it can be read. */
  boundTo?: readonly Binding[] | undefined;
}

/** Bindings as a message attribute, in ASCII: SQS takes it, and counts its length. Empty where there are none. */
export function boundToText(boundTo: readonly Binding[]): string {
  return boundTo.length === 0 ? '' : asciiJson(JSON.stringify(boundTo));
}

/** The facts as message attributes, all of them texts. */
export function messageAttributes({
  encoding,
  receivedAt,
  reason,
  boundTo = [],
}: MessageFacts): Record<string, string> {
  return {
    ...(encoding ? { [encodingAttribute]: encoding } : {}),
    ...(receivedAt === undefined ? {} : { [receivedAtAttribute]: String(receivedAt) }),
    ...(reason ? { reason } : {}),
    ...(boundTo.length > 0 ? { boundTo: boundToText(boundTo) } : {}),
  };
}

/**
 * The message group of an event: its project, so that one noisy project does not delay the others (SQS fair
 * queues). Ids are opaque; one that SQS would refuse as a group is hashed.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
 */
export function messageGroup({ projectId, senderId }: Pick<Envelope, 'projectId' | 'senderId'>): string {
  const group = projectId ?? senderId ?? 'none';
  return /^[\w-]{1,128}$/.test(group) ? group : createHash('sha256').update(group).digest('hex');
}
