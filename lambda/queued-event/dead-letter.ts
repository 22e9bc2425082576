import type { DeadLetterReason } from '../worker/retry.ts';
import { lastingAttributes } from './attributes.ts';

/** The reason of a dead letter whose event was handled, and is to be published alone when it comes back. */
export const notPublished = 'not_published' satisfies DeadLetterReason;

/**
 * The labels of a dead letter that its worker reads when it comes back, which whoever redrives it must keep: that
 * it was handled, and those that last. The others tell of the past.
 */
export function lastingLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  const { reason } = labels;
  const lasting = lastingAttributes.flatMap((name) => (labels[name] ? [[name, labels[name]]] : []));
  return { ...(reason === notPublished ? { reason } : {}), ...Object.fromEntries(lasting) };
}
