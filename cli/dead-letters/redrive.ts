import { errorText } from '../shared/error-text.ts';
import { createRateLimiter } from '../shared/rate.ts';
import type { RedriveSource } from './redrive-source.ts';
import { type Query, type ScanResult, scanQueues } from './scan-queues.ts';
import type { StoredMessage } from './stored-message.ts';
import { whyItStays } from './unrouted-destination.ts';

/** What became of the messages that were chosen. */
interface RedriveResult {
  scans: ScanResult[];
  /** The worker that got each of them. */
  sent: string[];
  /** For each message that no worker may have, why it stays, in a sentence. */
  staying: string[];
  /** How many stay because they came while this ran: most of them are events that failed again. */
  recent: number;
  /** For each of the others, why it stays. */
  failures: string[];
}

/** How far this machine's clock may be off: AWS refuses calls of a machine whose clock is off by more. */
const clockSkewMs = 300_000;

/** After so many failures the cause is not the messages. */
const maxFailures = 10;

/**
 * Sends messages back to their workers, so many a second: each as a fresh event, its body in its group, without the
 * attributes that only tell what happened before. A message is deleted after SQS has answered that it holds the new one,
 * and never before. If it is cut short, it leaves a duplicate at most, which the worker recognizes (docs/decisions/0004).
 *
 * @param dryRun sends and deletes nothing, and gives what would have been sent
 * @throws Error if more than a few messages fail, once the others are released
 */
export async function redrive(
  query: Query,
  { rate, dryRun }: { rate: number; dryRun: boolean },
): Promise<RedriveResult> {
  const startedAt = Date.now();
  const result: Omit<RedriveResult, 'scans'> = { sent: [], staying: [], recent: 0, failures: [] };
  const sentIds = new Set<string>();
  const turn = createRateLimiter(rate, query.signal);

  /** Whether a message came after the start. An event that failed again would otherwise go round and round. */
  function isRecent({ id, sentAt }: StoredMessage, { failuresComeBack }: RedriveSource): boolean {
    if (!failuresComeBack) return false;
    // `sentAt` is by SQS's clock. What this run sent counts as recent even if our clock is not the same.
    return Date.parse(sentAt) >= startedAt - (sentIds.has(id) ? clockSkewMs : 0);
  }

  /** @returns whether it was sent and deleted */
  async function send(message: StoredMessage, source: RedriveSource): Promise<boolean> {
    if (isRecent(message, source)) {
      result.recent++;
      return false;
    }
    const destination = source.destination(message, query.filter.reasons);
    if ('stays' in destination) {
      result.staying.push(whyItStays(destination.stays, message));
      return false;
    }
    const { worker } = destination;
    if (dryRun) {
      result.sent.push(worker);
      return false;
    }
    if (!(await turn())) return false;
    try {
      await source.workerQueue(worker).send(message.redriven);
    } catch (error) {
      result.failures.push(`${message.id} could not be sent: ${errorText(error)}`);
      return false;
    }
    sentIds.add(message.id);
    result.sent.push(worker);
    try {
      await source.queue.delete(message.receiptHandle);
      return true;
    } catch (error) {
      result.failures.push(
        `${message.id} was sent and could not be deleted: ${errorText(error)}. Redriving it again does no harm.`,
      );
      return false;
    }
  }

  const scans = await scanQueues(
    query,
    dryRun ? Number.POSITIVE_INFINITY : rate,
    async (messages, source) => {
      const gone = await Promise.all(
        messages.map(async (message) => ((await send(message, source)) ? [message] : [])),
      );
      if (result.failures.length >= maxFailures) {
        throw new Error(
          `Gave up after ${result.failures.length} failures; ${result.sent.length} were redriven, the others stay.\n` +
            result.failures.join('\n'),
        );
      }
      return gone.flat();
    },
  );
  return { scans, ...result };
}
