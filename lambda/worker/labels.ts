import { encodingAttribute } from '../queued-text.ts';
import { receivedAtAttribute } from '../receiver/queue-message.ts';
import { replayAttribute } from './replay.ts';
import type { SetAsideReason } from './retry.ts';

/** The reason of a dead letter whose event was handled, and is to be published alone when it comes back. */
export const notPublished = 'not_published' satisfies SetAsideReason;

/**
 * What a message carries from its first send to its last: which forced replay it belongs to, how its body is encoded,
 * and when it was received.
 */
export const lastingAttributes = [replayAttribute, encodingAttribute, receivedAtAttribute] as const;

/**
 * The labels of a dead letter that its worker reads when it comes back, which whoever redrives it must keep: that
 * it was handled, and those that last. The others tell of the past.
 */
export function lastingLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  const { reason } = labels;
  const lasting = lastingAttributes.flatMap((name) => (labels[name] ? [[name, labels[name]]] : []));
  return { ...(reason === notPublished ? { reason } : {}), ...Object.fromEntries(lasting) };
}
