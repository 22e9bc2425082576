import type { buildApp } from 'fauxqs';
import { encodingAttribute } from '../../../lambda/queued-event/attributes.ts';
import { unpack } from '../../../lambda/queued-event/text.ts';
import { readEnvelope } from '../../../lambda/zavu/envelope.ts';
import type { PolledQueue, ReceivedMessage } from '../../runtime/event-sources/polled-queue.ts';
import type { MessageTimes } from './message-times.ts';

export type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>;
export type SqsStore = Stores['sqsStore'];
type Queue = ReturnType<SqsStore['createQueue']>;
export type QueueMessage = Queue['messages'][number];

/** What CloudWatch's metrics of a queue are made of. */
export interface QueueStatistics {
  visible: number;
  /** In flight: received, and neither deleted nor visible again. */
  notVisible: number;
  /** Seconds, as ApproximateAgeOfOldestMessage counts them. */
  oldestSeconds: number;
}

/** Adds to a queue of fauxqs what SQS does by the clock, and lets this process poll it without a request. */
export class LocalQueue implements PolledQueue {
  readonly cutsCleanly = true;
  readonly #queue: Queue;
  readonly #store: SqsStore;
  readonly #times: MessageTimes<QueueMessage>;
  /** Nothing expires before. */
  #nextExpiry = Number.POSITIVE_INFINITY;
  readonly #waiting = new Set<() => void>();
  readonly #now: () => number;

  /** @param now by which messages grow old */
  constructor(queue: Queue, store: SqsStore, times: MessageTimes<QueueMessage>, now: () => number) {
    this.#queue = queue;
    this.#store = store;
    this.#times = times;
    this.#now = now;
    this.#observe();
  }

  /**
   * Deletes messages that are older than the queue's retention, in flight or not. Nothing goes to a dead-letter queue.
   */
  expire(): void {
    const now = this.#now();
    if (now < this.#nextExpiry) return;
    this.#nextExpiry = Number.POSITIVE_INFINITY;
    const stays = (message: QueueMessage) => {
      const expiry = this.#expiry(message);
      if (expiry <= now) return false;
      this.#nextExpiry = Math.min(this.#nextExpiry, expiry);
      return true;
    };
    this.#queue.messages = this.#queue.messages.filter(stays);
    this.#queue.delayedMessages = this.#queue.delayedMessages.filter(stays);
    for (const groups of [this.#queue.fifoMessages, this.#queue.fifoDelayed]) {
      for (const [group, messages] of groups) groups.set(group, messages.filter(stays));
    }
    for (const [handle, { message }] of this.#queue.inflightMessages) {
      // A message in flight holds up its group in a FIFO queue.
      if (!stays(message)) this.#queue.deleteMessage(handle);
    }
  }

  /** Whether SQS refuses to hide a message in flight for so long. fauxqs refuses a message that is not in flight. */
  hidesTooLong(receiptHandle: string, timeoutSeconds: number): boolean {
    const entry = this.#queue.inflightMessages.get(receiptHandle);
    return entry !== undefined && this.#times.hidesTooLong(entry.message, timeoutSeconds);
  }

  statistics(): QueueStatistics {
    this.expire();
    this.#queue.processTimers();
    const inFlight = [...this.#queue.inflightMessages.values()].map(({ message }) => message);
    const visible = [...this.#queue.messages, ...[...this.#queue.fifoMessages.values()].flat()];
    return {
      visible: visible.length,
      notVisible: inFlight.length,
      oldestSeconds: this.#times.oldestSeconds([...visible, ...this.#delayed, ...inFlight]),
    };
  }

  /** The receipt handles of the messages in flight that hold an event. */
  handlesOf(eventId: string): string[] {
    this.#queue.processTimers();
    return [...this.#queue.inflightMessages.values()].flatMap(({ message, receiptHandle }) => {
      const { body, messageAttributes } = message;
      const text = unpack(body, messageAttributes[encodingAttribute]?.StringValue);
      const envelope = text === undefined ? undefined : readEnvelope(text, 0);
      return envelope?.event.id === eventId ? [receiptHandle] : [];
    });
  }

  /** Hides a message in flight for so long from now; 0 shows it. */
  changeVisibility(receiptHandle: string, timeoutSeconds: number): void {
    this.#queue.changeVisibility(receiptHandle, timeoutSeconds);
  }

  /** @param maxWaitMs for which it waits if there is nothing to receive */
  async receive(max: number, signal: AbortSignal, maxWaitMs = 1_000): Promise<ReceivedMessage[]> {
    const received = this.#take(max);
    if (received.length > 0) return received;
    await this.#change(signal, maxWaitMs);
    return signal.aborted ? [] : this.#take(max);
  }

  async delete(receiptHandles: readonly string[]): Promise<void> {
    for (const handle of receiptHandles) this.#queue.deleteMessage(handle);
    // The next one of a FIFO queue's group may be received now.
    if (this.#queue.isFifo()) this.#wake();
  }

  /** Messages that are not visible yet, because they are to be delivered later. fauxqs keeps those of a FIFO queue by group. */
  get #delayed(): QueueMessage[] {
    return [...this.#queue.delayedMessages, ...[...this.#queue.fifoDelayed.values()].flat()];
  }

  /** Takes note of every message that comes and goes, whoever sends, receives or moves it. */
  #observe(): void {
    const queue = this.#queue;
    const enqueue = queue.enqueue.bind(queue);
    queue.enqueue = (message) => {
      this.#times.arrived(message);
      this.#nextExpiry = Math.min(this.#nextExpiry, this.#expiry(message));
      enqueue(message);
      this.#wake();
    };
    const dequeue = queue.dequeue.bind(queue);
    queue.dequeue = (...how) => {
      this.expire();
      const received = dequeue(...how);
      for (const { ReceiptHandle } of received) {
        const entry = queue.inflightMessages.get(ReceiptHandle);
        if (entry) this.#times.received(entry.message);
      }
      return received;
    };
    const changeVisibility = queue.changeVisibility.bind(queue);
    queue.changeVisibility = (...how) => {
      changeVisibility(...how);
      this.#wake();
    };
    const setAttributes = queue.setAttributes.bind(queue);
    queue.setAttributes = (attributes) => {
      setAttributes(attributes);
      // The retention may be another now.
      this.#nextExpiry = Number.NEGATIVE_INFINITY;
    };
  }

  #expiry(message: QueueMessage): number {
    return this.#times.expiry(message, Number(this.#queue.attributes.MessageRetentionPeriod));
  }

  #take(max: number): ReceivedMessage[] {
    const received = this.#queue.dequeue(max, undefined, (arn) => this.#store.getQueueByArn(arn));
    return received.flatMap((each) => {
      const message = this.#queue.inflightMessages.get(each.ReceiptHandle)?.message;
      if (!message) return [];
      const Attributes = {
        ApproximateReceiveCount: String(message.approximateReceiveCount),
        SentTimestamp: String(message.sentTimestamp),
        SenderId: '000000000000',
        ApproximateFirstReceiveTimestamp: String(message.approximateFirstReceiveTimestamp),
        ...(message.messageGroupId && { MessageGroupId: message.messageGroupId }),
        ...(message.messageDeduplicationId && { MessageDeduplicationId: message.messageDeduplicationId }),
        ...(message.sequenceNumber && { SequenceNumber: message.sequenceNumber }),
      };
      return [{ ...each, Attributes }];
    });
  }

  /** Waits until there may be something to receive: a message came, or one becomes visible. */
  #change(signal: AbortSignal, longestWaitMs: number): Promise<void> {
    const { inflightMessages } = this.#queue;
    const now = Date.now();
    const due = [
      ...this.#delayed.map(({ delayUntil = now }) => delayUntil),
      ...[...inflightMessages.values()].map(({ visibilityDeadline }) => visibilityDeadline),
    ];
    const waitMs = Math.max(0, due.reduce((first, each) => Math.min(first, each), now + longestWaitMs) - now);
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, waitMs);
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  #wake(): void {
    for (const done of this.#waiting) done();
  }
}
