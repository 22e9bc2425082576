import type { ExportFile } from './export-file.ts';
import { type Query, type ScanResult, scanQueues } from './scan-queues.ts';

interface DiscardOptions {
  /** Written to before anything is deleted. */
  file: ExportFile | undefined;
  /** The messages that a person has agreed to; undefined if nobody was asked, which means all of them. */
  only: ReadonlySet<string> | undefined;
}

interface DiscardResult {
  scans: ScanResult[];
  discarded: number;
  /** How many stay because they came while this ran. */
  recent: number;
}

/** SQS's ids of the chosen messages. No others are deleted than those that a person was asked about. */
export async function messageIds(query: Query): Promise<Set<string>> {
  const ids = new Set<string>();
  await scanQueues(query, Number.POSITIVE_INFINITY, async (messages) => {
    for (const { messageId } of messages) ids.add(messageId);
    return [];
  });
  return ids;
}

/**
 * Deletes messages for good.
 *
 * @throws Error if one cannot be exported or deleted, once the others are released
 */
export async function discard(query: Query, { file, only }: DiscardOptions): Promise<DiscardResult> {
  const startedAt = Date.now();
  let discarded = 0;
  let recent = 0;
  const scans = await scanQueues(query, Number.POSITIVE_INFINITY, async (messages, { name, queue }) => {
    const chosen = messages.filter(({ messageId, sentAt }) =>
      only ? only.has(messageId) : Date.parse(sentAt) < startedAt,
    );
    recent += messages.length - chosen.length;
    if (query.signal.aborted) return [];
    await file?.append(chosen, name);
    const outcomes = await Promise.allSettled(chosen.map(({ receiptHandle }) => queue.delete(receiptHandle)));
    discarded += outcomes.filter(({ status }) => status === 'fulfilled').length;
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') {
        throw new Error(`${discarded} were discarded, then: ${outcome.reason}`, { cause: outcome.reason });
      }
    }
    return chosen;
  });
  return { scans, discarded, recent };
}
