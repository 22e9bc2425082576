import { replayAttribute } from './replay.ts';
import type { SetAsideReason } from './retry.ts';

/** The reason of a dead letter whose event was handled, and is to be published alone when it comes back. */
export const notPublished = 'not_published' satisfies SetAsideReason;

/**
 * The labels of a dead letter that its worker reads when it comes back, which whoever redrives it must keep: that
 * it was handled, and which forced replay it belongs to. The others tell of the past.
 */
export function lastingLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  const { reason, [replayAttribute]: replay } = labels;
  return {
    ...(reason === notPublished ? { reason } : {}),
    ...(replay ? { [replayAttribute]: replay } : {}),
  };
}
