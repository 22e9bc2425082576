import type { ExportFile } from './export-file.ts';
import { type Scope, type Survey, search } from './scan-queues.ts';

export interface DiscardOptions {
  /** Written to before anything is deleted. */
  file: ExportFile | undefined;
  /** The messages that a person has agreed to; all that are meant where nobody was asked. */
  only: ReadonlySet<string> | undefined;
}

export interface Discarded {
  surveys: Survey[];
  discarded: number;
  /** Those that stay because they came while this ran. */
  recent: number;
}

/** The messages that are meant: what a person is asked about is then all that is deleted. */
export async function messageIds(scope: Scope): Promise<Set<string>> {
  const ids = new Set<string>();
  await search(scope, Number.POSITIVE_INFINITY, async (letters) => {
    for (const { messageId } of letters) ids.add(messageId);
    return [];
  });
  return ids;
}

/**
 * Deletes letters for good.
 *
 * @throws Error where one cannot be exported or deleted, once the others are given back
 */
export async function discard(scope: Scope, { file, only }: DiscardOptions): Promise<Discarded> {
  const startedAt = Date.now();
  let discarded = 0;
  let recent = 0;
  const surveys = await search(scope, Number.POSITIVE_INFINITY, async (letters, redriveSource, queue) => {
    const meant = letters.filter(({ messageId, sentAt }) =>
      only ? only.has(messageId) : Date.parse(sentAt) < startedAt,
    );
    recent += letters.length - meant.length;
    if (scope.signal.aborted) return [];
    await file?.append(meant, redriveSource.name);
    const outcomes = await Promise.allSettled(meant.map(({ receiptHandle }) => queue.delete(receiptHandle)));
    discarded += outcomes.filter(({ status }) => status === 'fulfilled').length;
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') {
        throw new Error(`${discarded} were discarded, then: ${outcome.reason}`, { cause: outcome.reason });
      }
    }
    return meant;
  });
  return { surveys, discarded, recent };
}
