import { replayAttribute, resentAttribute } from '../../lambda/queued-event/attributes.ts';
import { fitBatch, type OutgoingEvent } from '../../lambda/queued-event/outgoing-event.ts';
import { messageAttributes, messageGroup } from '../../lambda/queued-event/queue-message.ts';
import { maxEventBytes } from '../../lambda/queued-event/size.ts';
import { packEvent } from '../../lambda/queued-event/text.ts';
import type { ReadEnvelope } from '../../lambda/zavu/envelope.ts';
import { createRateLimiter } from '../shared/rate.ts';
import type { DeployedQueues } from '../shared/worker-queues.ts';

interface QueueFeedOptions {
  queues: DeployedQueues;
  /** Events a second, over all queues. */
  rate: number;
  /** The forced replay that the messages belong to; undefined for messages like the receiver's. */
  replay: string | undefined;
  /** What waits for its turn goes at once when it aborts. */
  signal: AbortSignal;
}

/** An event of the archive. */
export interface ArchivedEvent {
  /** The event, as this code reads it. */
  read: ReadEnvelope;
  /** What was signed. */
  text: string;
  /** When the receiver took it, in milliseconds since the epoch. */
  receivedAt: number;
}

/** Puts events into the queues of workers as the receiver does, in batches, no faster than told. */
export class QueueFeed {
  readonly #options: QueueFeedOptions;
  readonly #turn: (items: number) => Promise<boolean>;
  readonly #waiting = new Map<string, OutgoingEvent[]>();

  constructor(options: QueueFeedOptions) {
    this.#options = options;
    this.#turn = createRateLimiter(options.rate, options.signal);
  }

  /**
   * Puts an event into a worker's queue, with the next batch.
   *
   * @throws Error if it is larger than a queue takes: what the archive holds may be larger by a little
   */
  async add(worker: string, event: ArchivedEvent): Promise<void> {
    const outgoing = this.#outgoing(event);
    const batch = this.#waiting.get(worker) ?? [];
    // A batch is no larger than the events of one second.
    const isFull = batch.length >= this.#options.rate || !fitBatch([...batch, outgoing]);
    if (batch.length > 0 && isFull) {
      await this.#send(worker, batch);
      this.#waiting.set(worker, [outgoing]);
    } else this.#waiting.set(worker, [...batch, outgoing]);
  }

  /** Sends the events that wait for a full batch. */
  async flush(): Promise<void> {
    for (const [worker, batch] of this.#waiting) await this.#send(worker, batch);
    this.#waiting.clear();
  }

  async #send(worker: string, batch: readonly OutgoingEvent[]): Promise<void> {
    // Events that were added are sent even after Ctrl-C: they are counted already.
    await this.#turn(batch.length);
    await this.#options.queues.ofWorker(worker).sendBatch(batch);
  }

  #outgoing({ read: { event, hasTime }, text, receivedAt }: ArchivedEvent): OutgoingEvent {
    const { replay } = this.#options;
    const packed = packEvent(text, maxEventBytes);
    if (!packed) throw new Error(`The event ${event.id} is larger than a queue takes, even compressed.`);
    return {
      body: packed.body,
      group: messageGroup(event),
      attributes: {
        ...messageAttributes({ encoding: packed.encoding, receivedAt: hasTime ? undefined : receivedAt }),
        ...(replay === undefined ? {} : { [replayAttribute]: replay }),
        [resentAttribute]: 'replay',
      },
    };
  }
}
