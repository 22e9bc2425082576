import type { SQSClient } from '@aws-sdk/client-sqs';
import type { WorkerName } from '../../lambda/routing/routes.ts';
import { scanQueue } from '../dead-letters/scan-queue.ts';
import type { StoredMessage } from '../dead-letters/stored-message.ts';
import { readUnrouted } from '../dead-letters/unrouted-events.ts';
import { EventQueue } from '../shared/event-queue.ts';
import { queueUrlOf } from '../shared/worker-queues.ts';

/** Looks at no more messages of the unrouted queue than this. */
const limit = 10_000;
/** How long what is looked at is hidden from others, unless it is given back earlier. */
const visibilityTimeout = 30;

/**
 * The way of marked events in a stack without a canary: the receiver puts them into the unrouted queue, as it does with
 * every type that nobody handles, and they are sent on to their workers from there. Nothing of them stays behind.
 */
export class Detour {
  readonly #sqs: SQSClient;
  readonly #outputs: Readonly<Record<string, string>>;
  readonly #queue: EventQueue;
  readonly #signal: AbortSignal;
  /** Events that were sent and of which nothing is known yet, by id, with their workers. */
  readonly #pending = new Map<string, WorkerName>();
  /** Those that went this way. */
  readonly #taken = new Set<string>();
  #scan: Promise<void> | undefined;

  /** @param signal ends a look at the queue */
  constructor(sqs: SQSClient, outputs: Readonly<Record<string, string>>, signal: AbortSignal) {
    this.#sqs = sqs;
    this.#outputs = outputs;
    this.#signal = signal;
    this.#queue = new EventQueue(sqs, outputs.UnroutedQueueUrl ?? '');
  }

  /** Notes an event that is about to be sent: from now on it may be in the unrouted queue. */
  expect(id: string, worker: WorkerName): void {
    this.#pending.set(id, worker);
  }

  /** Notes that an event has come through, or was refused: it is in no queue. */
  settled(id: string): void {
    this.#pending.delete(id);
  }

  /** Whether an event went by way of the unrouted queue, and was sent on to its worker. */
  took(id: string): boolean {
    return this.#taken.has(id);
  }

  /**
   * Looks through the unrouted queue, and sends the events that are expected on to their workers, as a redrive does.
   * Calls at the same time share one look.
   *
   * @throws Error where SQS does not let it receive, send or delete
   */
  sendOn(): Promise<void> {
    this.#scan ??= this.#visit(this.#signal, async (letter, worker) => {
      const url = queueUrlOf(this.#outputs, worker);
      if (!url) throw new Error(`The stack has no queue of the ${worker} worker: npx cdk deploy`);
      await new EventQueue(this.#sqs, url).send(letter.redriven);
      this.#taken.add(letter.id);
    }).finally(() => {
      this.#scan = undefined;
    });
    return this.#scan;
  }

  /**
   * Deletes the expected events that are left in the unrouted queue.
   *
   * @returns the ids of those that are not in it and were not sent on: nobody knows where they are
   * @throws Error where SQS does not let it receive or delete
   */
  async clear(): Promise<string[]> {
    await this.#scan?.catch(() => undefined);
    const deleted = new Set<string>();
    if (this.#pending.size > 0)
      await this.#visit(new AbortController().signal, async ({ id }) => void deleted.add(id));
    return [...this.#pending.keys()].filter((id) => !deleted.has(id) && !this.#taken.has(id));
  }

  /** Shows `take` every expected event that rests in the queue, and deletes it then. The others are given back. */
  async #visit(
    signal: AbortSignal,
    take: (letter: StoredMessage, worker: WorkerName) => Promise<void>,
  ): Promise<void> {
    await scanQueue(
      { queue: this.#queue, read: readUnrouted },
      {
        limit,
        visibilityTimeout,
        signal,
        visit: async (letters) => {
          const gone: StoredMessage[] = [];
          for (const letter of letters) {
            const worker = this.#pending.get(letter.id);
            if (!worker) continue;
            await take(letter, worker);
            await this.#queue.delete(letter.receiptHandle);
            gone.push(letter);
          }
          return gone;
        },
      },
    );
  }
}
