import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { LambdaFunction } from '../functions/lambda-function.ts';
import { splitByPayload } from './batch-payload.ts';
import type { EventSourceDefinition } from './definitions.ts';
import type { PolledQueue } from './polled-queue.ts';
import { toRecord } from './record.ts';

const pauseAfterErrorMs = 200;

/**
 * Batches at once in the beginning, and how many more after each second in which all of them are busy: 300 a minute.
 */
const concurrencyStep = 5;
const growthMs = 1_000;

/** How far something is that receives no more. */
export interface Stopped {
  /** Resolves when nothing is being received any more: what is sent from now on is somebody else's. */
  received: Promise<void>;
  /** Resolves once the last batch is done, or its function was killed. */
  done: Promise<void>;
}

/**
 * Polls a queue for a function as Lambda does: batches of no more than 6 MB, as many at once as the mapping allows. It
 * deletes the messages that were handled and leaves the others. It goes on if the queue is unavailable for a while.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export class EventSource {
  readonly #definition: EventSourceDefinition;
  readonly #queue: PolledQueue;
  readonly #target: Pick<LambdaFunction, 'invoke'>;
  readonly #cut = new AbortController();
  #stopped = false;
  /** The receipt that is under way, or the last one. */
  #receipt: Promise<unknown> = Promise.resolve();
  readonly #poller: Promise<void>;
  readonly #busy = new Set<Promise<void>>();
  /** Batches that wait for their turn: messages that were received at once may be more than one batch holds. */
  readonly #received: SQSRecord[][] = [];
  /** How many batches at once. */
  #concurrency: number;
  #growth: NodeJS.Timeout | undefined;
  #proceed: () => void = () => undefined;

  constructor(definition: EventSourceDefinition, queue: PolledQueue, target: Pick<LambdaFunction, 'invoke'>) {
    this.#definition = definition;
    this.#queue = queue;
    this.#target = target;
    this.#concurrency = Math.min(concurrencyStep, definition.maximumConcurrency);
    this.#poller = this.#poll();
  }

  /**
   * Receives no more, and finishes what it has.
   *
   * @param force cuts off a poll that is under way, although that may hide a message until its visibility timeout, and
   * drops what has not begun
   */
  stop(force: boolean): Stopped {
    this.#stopped = true;
    if (force || this.#queue.cutsCleanly) this.#cut.abort();
    if (force) this.#received.length = 0;
    this.#proceed();
    const received = this.#receipt.then(
      () => undefined,
      () => undefined,
    );
    return { received, done: this.#finish() };
  }

  async #finish(): Promise<void> {
    await this.#poller;
    clearTimeout(this.#growth);
    await Promise.all(this.#busy);
  }

  async #poll(): Promise<void> {
    while (!this.#stopped || this.#received.length > 0) {
      if (this.#busy.size >= this.#concurrency) {
        await this.#capacity();
        continue;
      }
      const next = this.#received.shift();
      if (next) {
        this.#begin(next);
        continue;
      }
      try {
        const batchSize = Math.min(10, this.#definition.batchSize);
        const receipt = this.#queue.receive(batchSize, this.#cut.signal);
        this.#receipt = receipt;
        const messages = await receipt;
        if (messages.length === 0) this.#shrink();
        this.#received.push(
          ...splitByPayload(messages.map((each) => toRecord(each, this.#definition.queueArn))),
        );
      } catch {
        if (!this.#stopped) await new Promise((resolve) => setTimeout(resolve, pauseAfterErrorMs));
      }
    }
  }

  /** Waits until a batch is done, or more of them are allowed. */
  #capacity(): Promise<void> {
    this.#growth ??= setTimeout(() => {
      this.#growth = undefined;
      const { maximumConcurrency } = this.#definition;
      this.#concurrency = Math.min(this.#concurrency + concurrencyStep, maximumConcurrency);
      this.#proceed();
    }, growthMs);
    return new Promise((resolve) => {
      this.#proceed = resolve;
    });
  }

  /** Begins anew with few batches, because the queue is empty. */
  #shrink(): void {
    clearTimeout(this.#growth);
    this.#growth = undefined;
    this.#concurrency = Math.min(concurrencyStep, this.#definition.maximumConcurrency);
  }

  #begin(records: SQSRecord[]): void {
    // A message that could not be deleted comes back.
    const batch: Promise<void> = this.#deliver(records)
      .catch(() => undefined)
      .finally(() => {
        this.#busy.delete(batch);
        this.#proceed();
      });
    this.#busy.add(batch);
  }

  async #deliver(Records: SQSRecord[]): Promise<void> {
    const { reportsBatchItemFailures } = this.#definition;
    const result = await this.#target.invoke({ Records });
    if (!result.ok) return;
    const response = reportsBatchItemFailures ? (result.result as SQSBatchResponse | undefined) : undefined;
    const failed = new Set(response?.batchItemFailures?.map(({ itemIdentifier }) => itemIdentifier));
    // As Lambda does: an identifier that is not of this batch fails all of it.
    const known = new Set(Records.map(({ messageId }) => messageId));
    if ([...failed].some((id) => !known.has(id))) return;
    const done = Records.filter(({ messageId }) => !failed.has(messageId));
    if (done.length === 0) return;
    await this.#queue.delete(done.map(({ receiptHandle }) => receiptHandle));
  }
}
