import type { PolledQueue, ReceivedMessage } from '../../runtime/event-sources/polled-queue.ts';

/** A queue of this process, polled as far as a role allows it, as the endpoint asks of a call over the wire. */
export class PermittedQueue implements PolledQueue {
  readonly #queue: PolledQueue;
  readonly #denial: (action: string) => string | undefined;

  /** @param denial why the role may not do something with the queue, or undefined */
  constructor(queue: PolledQueue, denial: (action: string) => string | undefined) {
    this.#queue = queue;
    this.#denial = denial;
  }

  get cutsCleanly(): boolean {
    return this.#queue.cutsCleanly;
  }

  /** @throws Error if the role may not receive */
  async receive(max: number, signal: AbortSignal): Promise<ReceivedMessage[]> {
    this.#demand('sqs:ReceiveMessage');
    return this.#queue.receive(max, signal);
  }

  /** @throws Error if the role may not delete */
  async delete(receiptHandles: readonly string[]): Promise<void> {
    this.#demand('sqs:DeleteMessage');
    return this.#queue.delete(receiptHandles);
  }

  #demand(action: string): void {
    const reason = this.#denial(action);
    if (reason) throw new Error(reason);
  }
}
