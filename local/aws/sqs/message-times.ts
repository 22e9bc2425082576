import type { Clock } from '../../clock.ts';

/** What is known here of a message in a queue. */
interface CountedMessage {
  approximateReceiveCount: number;
}

/** The total of a message's visibility timeouts, counted from its receive. */
const maxHiddenMs = 43_200_000;

/** A message that was received so often does not count for the age of a queue any more. */
const countedReceives = 3;

interface Times {
  /** When it was sent. A move to a dead-letter queue does not change it. */
  sentAt: number;
  /** When it came into the queue that holds it, and how often it had been received by then. */
  arrivedAt: number;
  receivesBefore: number;
}

/**
 * When messages were sent, moved and received, for the rules of SQS that go by it. Queues that move messages to each
 * other share one.
 */
export class MessageTimes<M extends CountedMessage> {
  readonly #clock: Clock;
  readonly #machine: Clock;
  readonly #times = new WeakMap<M, Times>();
  readonly #receivedAt = new WeakMap<M, number>();

  /**
   * @param clock by which messages grow old
   * @param machine by which visibility timeouts pass, as functions do
   */
  constructor(clock: Clock, machine: Clock) {
    this.#clock = clock;
    this.#machine = machine;
  }

  /** Notes that a message came into a queue. */
  arrived(message: M): void {
    const now = this.#clock.now();
    const sentAt = this.#times.get(message)?.sentAt ?? now;
    this.#times.set(message, { sentAt, arrivedAt: now, receivesBefore: message.approximateReceiveCount });
  }

  /** Notes that a message was received. */
  received(message: M): void {
    this.#receivedAt.set(message, this.#machine.now());
  }

  /**
   * When SQS deletes a message, in milliseconds of the clock: its queue's retention after it was sent, whichever queue
   * holds it by then.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html
   */
  expiry(message: M, retentionSeconds: number): number {
    return this.#of(message).sentAt + retentionSeconds * 1000;
  }

  /**
   * Whether a visibility timeout that begins now would hide a message for longer than SQS allows: 12 hours in all from
   * ReceiveMessage. So 12 hours are always too long.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
   */
  hidesTooLong(message: M, timeoutSeconds: number): boolean {
    const receivedAt = this.#receivedAt.get(message);
    if (receivedAt === undefined) throw new Error('A message that was not received cannot be hidden.');
    return this.#machine.now() - receivedAt + timeoutSeconds * 1000 >= maxHiddenMs;
  }

  /**
   * Seconds that the oldest message has been in its queue, 0 if there is none. Messages that were received three
   * times there do not count, because one that can never be handled would hide how old the others are.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
   */
  oldestSeconds(messages: Iterable<M>): number {
    const now = this.#clock.now();
    let oldestMs = 0;
    for (const message of messages) {
      const { arrivedAt, receivesBefore } = this.#of(message);
      if (message.approximateReceiveCount - receivesBefore >= countedReceives) continue;
      oldestMs = Math.max(oldestMs, now - arrivedAt);
    }
    return oldestMs / 1000;
  }

  #of(message: M): Times {
    const times = this.#times.get(message);
    if (!times) throw new Error('A message is in a queue that it was not seen to come into.');
    return times;
  }
}
