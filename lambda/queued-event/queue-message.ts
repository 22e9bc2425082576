import { createHash } from 'node:crypto';
import { asciiJson } from '../shared/json.ts';
import type { Binding } from '../zavu/binding.ts';
import type { Envelope } from '../zavu/envelope.ts';
import { encodingAttribute, receivedAtAttribute } from './attributes.ts';
import type { Encoding } from './text.ts';

/** Why an event is in the unrouted queue. */
export type UnroutedReason =
  /** No worker handles its type. */
  | 'unknown_type'
  /** No type can be read from it. */
  | 'unreadable'
  /** It does not name its sender or project, and the secret that signed it is bound to one. */
  | 'owner_unknown'
  /** It names no time that can be right, and the setting `maxEventAgeSeconds` needs one. */
  | 'age_unknown';

/** What a message says beside its event. */
export interface MessageFacts {
  encoding?: Encoding | undefined;
  /** When the receiver took the event, in milliseconds, if it names no time of its own. */
  receivedAt?: number | undefined;
  reason?: UnroutedReason | undefined;
  /**
   * What the secrets that signed the event are bound to, by which it is proved when it can be read. Empty if one of
   * them is not bound.
   */
  boundTo?: readonly Binding[] | undefined;
}

/** The facts as message attributes, each of them a text. */
export function messageAttributes({
  encoding,
  receivedAt,
  reason,
  boundTo = [],
}: MessageFacts): Record<string, string> {
  const attributes: Record<string, string> = {};
  if (encoding) attributes[encodingAttribute] = encoding;
  if (receivedAt !== undefined) attributes[receivedAtAttribute] = String(receivedAt);
  if (reason) attributes.reason = reason;
  // In ASCII: SQS takes it, and counts its length.
  if (boundTo.length > 0) attributes.boundTo = asciiJson(JSON.stringify(boundTo));
  return attributes;
}

/**
 * The message group of an event: its project, so that one noisy project does not delay the others (SQS fair
 * queues). Ids are opaque: one that SQS would refuse as a group is hashed.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
 */
export function messageGroup({ projectId, senderId }: Pick<Envelope, 'projectId' | 'senderId'>): string {
  const group = projectId ?? senderId ?? 'none';
  return /^[\w-]{1,128}$/.test(group) ? group : createHash('sha256').update(group).digest('hex');
}
