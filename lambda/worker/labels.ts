import { encodingAttribute } from '../queued-text.ts';
import { receivedAtAttribute } from '../receiver/queue-message.ts';
import { replayAttribute } from './replay.ts';
import type { SetAsideReason } from './retry.ts';

/** The reason of a dead letter whose event was handled, and is to be published alone when it comes back. */
export const notPublished = 'not_published' satisfies SetAsideReason;

/**
 * The labels of a dead letter that its worker reads when it comes back, which whoever redrives it must keep: that
 * it was handled, which forced replay it belongs to, how its body holds the event, and when it was received where the
 * event does not tell. The others tell of the past.
 */
export function lastingLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  const kept = [replayAttribute, encodingAttribute, receivedAtAttribute].flatMap((name) =>
    labels[name] ? [[name, labels[name]] as const] : [],
  );
  return { ...(labels.reason === notPublished ? { reason: notPublished } : {}), ...Object.fromEntries(kept) };
}
