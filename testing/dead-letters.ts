import { SQSClient } from '@aws-sdk/client-sqs';
import { movedBySqs } from '../cli/dead-letters/dead-letter-reasons.ts';
import { scanQueue, visibilityTimeoutFor } from '../cli/dead-letters/scan-queue.ts';
import { readStoredMessage, type StoredMessage } from '../cli/dead-letters/stored-message.ts';
import { EventQueue } from '../cli/shared/event-queue.ts';
import type { DeadLetterReason } from '../lambda/queued-event/dead-letter.ts';
import type { Envelope } from '../lambda/zavu/envelope.ts';
import { outputNames } from '../lib/outputs.ts';
import type { Ready } from './report-line.ts';

/** An event that failed for good. */
export interface DeadLetter {
  /** The event's id. */
  id: string;
  type: string;
  worker: string;
  /** `moved_by_sqs`: its worker never ended, so SQS moved it. */
  reason: DeadLetterReason | typeof movedBySqs;
  /** Class and message of what was thrown last; `none` if nothing was. */
  error: string;
  /** How often its handler was run; undefined if that is not known. */
  attempts: number | undefined;
  /** When it failed. */
  failedAt: Date;
  /** Undefined if its message holds no event. */
  event: Envelope | undefined;
}

/**
 * Reads the dead letters of all workers of a local run, oldest first, and releases them at once.
 *
 * @throws Error if a worker has no queue for them
 */
export async function readDeadLetters({
  outputs,
  endpoints,
  credentials,
  workers,
}: Pick<Ready, 'outputs' | 'endpoints' | 'credentials' | 'workers'>): Promise<DeadLetter[]> {
  const sqs = new SQSClient({
    region: 'us-east-1',
    endpoint: endpoints.sqs,
    credentials,
    // The local run's queue URLs lead to its own endpoint, which takes the calls of functions only.
    useQueueUrlAsEndpoint: false,
  });
  try {
    const found = await Promise.all(
      workers.map(({ name }) => scan(new EventQueue(sqs, deadLetterQueueUrl(outputs, name)), name)),
    );
    return found.flat().sort((a, b) => a.failedAt.getTime() - b.failedAt.getTime());
  } finally {
    sqs.destroy();
  }
}

/** The output of a worker's dead-letter queue, which the local run gives without the id of its construct. */
function deadLetterQueueUrl(outputs: Readonly<Record<string, string>>, worker: string): string {
  const name = outputNames.deadLetterQueueUrl(worker);
  const url = outputs[name];
  if (!url)
    throw new Error(`The stack has no output ${name}, so the dead letters of ${worker} cannot be read.`);
  return url;
}

async function scan(queue: EventQueue, worker: string): Promise<DeadLetter[]> {
  const seen: DeadLetter[] = [];
  const { visible } = await queue.figures();
  await scanQueue(
    {
      queue,
      read: (message) => readStoredMessage(message, { workerFor: () => worker, reasonIfMissing: movedBySqs }),
    },
    {
      limit: Number.POSITIVE_INFINITY,
      visibilityTimeout: visibilityTimeoutFor(visible, Number.POSITIVE_INFINITY),
      signal: new AbortController().signal,
      async visit(messages) {
        seen.push(...messages.map(deadLetterOf));
        return [];
      },
    },
  );
  return seen;
}

function deadLetterOf({
  id,
  type,
  worker,
  reason,
  attempts,
  attributes,
  failedAt,
  event,
}: StoredMessage): DeadLetter {
  return {
    id,
    type,
    worker,
    // Written by the worker of this same version.
    reason: reason as DeadLetter['reason'],
    error: attributes.error ?? 'none',
    attempts: attempts === '' ? undefined : Number(attempts),
    failedAt: new Date(failedAt),
    event,
  };
}
