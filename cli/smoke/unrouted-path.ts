import type { Message } from '@aws-sdk/client-sqs';
import { scanQueue } from '../dead-letters/scan-queue.ts';
import type { StoredMessage } from '../dead-letters/stored-message.ts';
import { readUnrouted } from '../dead-letters/unrouted-events.ts';
import type { EventQueue } from '../shared/event-queue.ts';
import type { DeployedQueues } from '../shared/worker-queues.ts';

/** At most so many messages of the unrouted queue are looked at. */
const limit = 10_000;
/** How many seconds a message is hidden from others while it is looked at, unless it is released earlier. */
const visibilityTimeout = 30;

/**
 * The path of marked events in a stack without a canary. The receiver puts them into the unrouted queue, as it does with
 * every type that nobody handles. From there they are forwarded to their workers, and deleted.
 */
export class UnroutedPath {
  readonly #queues: DeployedQueues;
  readonly #queue: EventQueue;
  readonly #signal: AbortSignal;
  /** The worker of each event that was sent, by the event's id, until the outcome of the event is known. */
  readonly #expected = new Map<string, string>();
  /** Ids of the events that were forwarded. */
  readonly #forwarded = new Set<string>();
  #scan: Promise<void> | undefined;

  /**
   * @param signal ends `forward`
   * @throws Error if the deployment has no unrouted queue yet
   */
  constructor(queues: DeployedQueues, signal: AbortSignal) {
    const queue = queues.ofUnrouted();
    if (!queue) throw new Error('The stack has no unrouted queue yet. Deploy it first: `npx cdk deploy`.');
    this.#queues = queues;
    this.#queue = queue;
    this.#signal = signal;
  }

  /** Notes an event that is about to be sent: from now on it may be in the unrouted queue. */
  expect(id: string, worker: string): void {
    this.#expected.set(id, worker);
  }

  /** Notes that an event was handled or refused: it is in no queue. */
  forget(id: string): void {
    this.#expected.delete(id);
  }

  /** Whether an event was in the unrouted queue, and was forwarded to its worker. */
  hasForwarded(id: string): boolean {
    return this.#forwarded.has(id);
  }

  /**
   * Looks through the unrouted queue, and forwards the expected events to their workers, as a redrive does. Calls at
   * the same time share one scan.
   *
   * @throws Error if SQS does not let it receive, send or delete
   */
  forward(): Promise<void> {
    this.#scan ??= this.#visit(this.#signal, async (event, worker) => {
      await this.#queues.ofWorker(worker).send(event.redriven);
      this.#forwarded.add(event.id);
    }).finally(() => {
      this.#scan = undefined;
    });
    return this.#scan;
  }

  /**
   * Deletes the expected events that are left in the unrouted queue.
   *
   * @returns the ids of the events that are not in it and were not forwarded: nobody knows where they are
   * @throws Error if SQS does not let it receive or delete
   */
  async deleteLeft(): Promise<string[]> {
    await this.#scan?.catch(() => undefined);
    const deleted = new Set<string>();
    if (this.#expected.size > 0)
      await this.#visit(new AbortController().signal, async ({ id }) => void deleted.add(id));
    return [...this.#expected.keys()].filter((id) => !deleted.has(id) && !this.#forwarded.has(id));
  }

  /** Gives every expected event that is in the queue to `take`, and then deletes it. The other messages are released. */
  async #visit(
    signal: AbortSignal,
    take: (event: StoredMessage, worker: string) => Promise<void>,
  ): Promise<void> {
    const visit = async (events: readonly StoredMessage[]) => {
      const deleted: StoredMessage[] = [];
      for (const event of events) {
        const worker = this.#expected.get(event.id);
        if (!worker) continue;
        await take(event, worker);
        await this.#queue.delete(event.receiptHandle);
        deleted.push(event);
      }
      return deleted;
    };
    const read = (message: Message) => readUnrouted(message, this.#queues.routes);
    await scanQueue({ queue: this.#queue, read }, { limit, visibilityTimeout, signal, visit });
  }
}
