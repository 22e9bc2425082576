import type { WorkerName } from '../../lambda/routing/routes.ts';
import { type RestingQueue, sendEvent } from '../shared/event-queue.ts';
import { queueUrlOf } from '../shared/worker-queues.ts';
import { whyItStays } from './next-step.ts';
import { createRateLimiter } from './rate-limiter.ts';
import type { RedriveSource } from './redrive-source.ts';
import { type Scope, type Survey, search } from './scan-queues.ts';
import type { StoredMessage } from './stored-message.ts';

/** What became of the letters that were meant. */
export interface Redriven {
  surveys: Survey[];
  /** The worker that got each of them. */
  sent: WorkerName[];
  /** Why each of those stays that no worker may have, in a sentence. */
  staying: string[];
  /** Those that stay because they came while this ran: most are events that failed again. */
  recent: number;
  /** Why each of the others stays. */
  failures: string[];
}

/** How far this machine's clock may be off: AWS refuses calls of one that is off by more. */
const clockSkewMs = 300_000;

/** After so many failures it is not the letters. */
const mostFailures = 10;

/**
 * Sends letters back to their workers, so many a second: each as a fresh event, its body in its group, without
 * the labels that only tell of what happened before. A letter is deleted after SQS has answered that it holds the copy, and
 * never before: what is cut short leaves a copy at most, which the worker recognizes (docs/decisions/0004).
 *
 * @param dryRun sends and deletes nothing, and gives what would have been sent
 * @throws Error where more letters than a few fail, once the others are given back
 */
export async function redrive(
  scope: Scope,
  { rate, dryRun }: { rate: number; dryRun: boolean },
): Promise<Redriven> {
  const startedAt = Date.now();
  const result: Omit<Redriven, 'surveys'> = { sent: [], staying: [], recent: 0, failures: [] };
  const sentIds = new Set<string>();
  const pace = createRateLimiter(rate, scope.signal);

  /** Whether a letter came after the start. One that failed again would otherwise go round and round. */
  function isRecent({ id, sentAt }: StoredMessage, { failuresComeBack }: RedriveSource): boolean {
    if (!failuresComeBack) return false;
    // By SQS's clock and ours. An event that was sent before needs the benefit of that doubt.
    return Date.parse(sentAt) >= startedAt - (sentIds.has(id) ? clockSkewMs : 0);
  }

  async function send(
    letter: StoredMessage,
    redriveSource: RedriveSource,
    queue: RestingQueue,
  ): Promise<boolean> {
    if (isRecent(letter, redriveSource)) {
      result.recent++;
      return false;
    }
    const destination = redriveSource.destination(letter, scope.filter.reasons);
    if ('stays' in destination) {
      result.staying.push(whyItStays(destination.stays, letter));
      return false;
    }
    const { worker } = destination;
    if (dryRun) {
      result.sent.push(worker);
      return false;
    }
    if (!(await pace())) return false;
    try {
      await sendEvent(scope.sqs, urlOf(worker), letter);
    } catch (error) {
      result.failures.push(`${letter.id} could not be sent: ${explain(error)}`);
      return false;
    }
    sentIds.add(letter.id);
    result.sent.push(worker);
    try {
      await queue.delete(letter.receiptHandle);
      return true;
    } catch (error) {
      result.failures.push(
        `${letter.id} was sent and could not be deleted: ${explain(error)}. Redriving it again does no harm.`,
      );
      return false;
    }
  }

  function urlOf(worker: WorkerName): string {
    const url = queueUrlOf(scope.outputs, worker);
    if (!url) throw new Error(`the deployment has no worker "${worker}" yet: npx cdk deploy`);
    return url;
  }

  const surveys = await search(
    scope,
    dryRun ? Number.POSITIVE_INFINITY : rate,
    async (letters, redriveSource, queue) => {
      const gone = await Promise.all(
        letters.map(async (letter) => ((await send(letter, redriveSource, queue)) ? [letter] : [])),
      );
      if (result.failures.length >= mostFailures) {
        throw new Error(
          `Gave up after ${result.failures.length} failures; ${result.sent.length} were redriven, the others stay.\n` +
            result.failures.join('\n'),
        );
      }
      return gone.flat();
    },
  );
  return { surveys, ...result };
}

function explain(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
