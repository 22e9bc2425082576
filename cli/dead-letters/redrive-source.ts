import type { Message } from '@aws-sdk/client-sqs';
import type { EventQueue } from '../shared/event-queue.ts';
import type { StoredMessage } from './stored-message.ts';
import type { RedriveDestination } from './unrouted-destination.ts';

/** A queue that a redrive takes messages from. */
export interface RedriveSource {
  name: string;
  queue: EventQueue;
  /** Whether an event that is redriven from here and fails again comes back here. */
  failuresComeBack: boolean;
  read(message: Message): StoredMessage;
  /** To which worker a redrive sends a message, if a person named these reasons. */
  destination(message: StoredMessage, reasons: readonly string[]): RedriveDestination;
  /** @throws Error if the deployment has no such worker */
  workerQueue(worker: string): EventQueue;
}

/** The worker of an event whose type no worker handles. */
export const noWorker = 'none';
