import { type FailureGroup, groupMessages, type ListedMessage } from './groups.ts';
import { type Query, type ScanResult, scanQueues } from './scan-queues.ts';
import { type MessageSummary, messageSummary } from './stored-message.ts';

export interface List {
  scans: ScanResult[];
  groups: FailureGroup[];
  messages: ListedMessage[];
  /** When its queue deletes the first of them, if the service says so: ISO 8601. */
  firstExpiresAt: string | undefined;
}

/**
 * Looks at all messages that fit the filter.
 *
 * @param workers the order of the workers in the groups
 * @param reveal gives errors with their messages, which may quote what a customer wrote
 */
export async function list(query: Query, workers: readonly string[], reveal: boolean): Promise<List> {
  const listed: ListedMessage[] = [];
  const scans = await scanQueues(query, Number.POSITIVE_INFINITY, async (messages, source) => {
    for (const message of messages) {
      const error = reveal ? (message.attributes.error ?? message.error) : message.error;
      // As `redrive --all` would send it, which names no reason.
      const destination = source.destination(message, []);
      const stays = 'stays' in destination ? { stays: destination.stays } : {};
      listed.push({ ...messageSummary(message), error, ...stays });
    }
    return [];
  });
  return {
    scans,
    groups: groupMessages(listed, workers),
    messages: listed,
    firstExpiresAt: firstExpiry(scans, listed),
  };
}

function firstExpiry(scans: readonly ScanResult[], messages: readonly MessageSummary[]): string | undefined {
  const retention = scans.flatMap(({ retentionSeconds }) => retentionSeconds ?? []);
  if (messages.length === 0 || retention.length === 0) return undefined;
  // Not Math.min(...), which takes only so many arguments.
  const firstSent = messages.reduce(
    (first, { sentAt }) => Math.min(first, Date.parse(sentAt)),
    Number.POSITIVE_INFINITY,
  );
  return new Date(firstSent + Math.min(...retention) * 1000).toISOString();
}
