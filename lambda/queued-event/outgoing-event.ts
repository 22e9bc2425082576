import { setTimeout as sleep } from 'node:timers/promises';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { textAttributes } from './attributes.ts';

/** An event as the receiver puts it into a queue. */
export interface OutgoingEvent {
  body: string;
  /** Its message group, by which SQS shares the workers out fairly. */
  group: string;
  /** Its message attributes, by their names. */
  attributes: Readonly<Record<string, string>>;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const maxEntries = 10;
const maxBatchBytes = 1_048_576;
/** More than an entry has besides its body. */
const entryOverheadBytes = 512;
/** How often a batch is sent. Before each repetition it waits twice as long, 400 ms at first. */
const maxSends = 5;
const firstWaitMs = 400;

/** Whether SQS takes so many events in one call. */
export function fitBatch(events: readonly OutgoingEvent[]): boolean {
  const bytes = events.reduce((sum, { body }) => sum + body.length + entryOverheadBytes, 0);
  return events.length <= maxEntries && bytes <= maxBatchBytes;
}

/** An event as SQS's calls have it. */
export function entryOf({ body, group, attributes }: OutgoingEvent) {
  return { MessageBody: body, MessageGroupId: group, MessageAttributes: textAttributes(attributes) };
}

/**
 * Sends events in one call, and those again that SQS did not take. Returns once SQS holds all of them.
 *
 * @param events a batch, by `fitBatch`
 * @throws Error if SQS refuses one of them, or still does not take one after some seconds
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */
export async function sendBatch(
  sqs: SQSClient,
  url: string,
  events: readonly OutgoingEvent[],
): Promise<void> {
  let entries = events.map((event, index) => ({ ...entryOf(event), Id: String(index) }));
  for (let send = 0; send < maxSends; send++) {
    if (send > 0) await sleep(firstWaitMs * 2 ** (send - 1));
    const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: entries }));
    const fault = Failed.find(({ SenderFault }) => SenderFault);
    if (fault) throw new Error(`SQS refuses a message for ${url}: ${fault.Code} ${fault.Message ?? ''}`);
    const failed = new Set(Failed.map(({ Id }) => Id));
    entries = entries.filter(({ Id }) => failed.has(Id));
    if (entries.length === 0) return;
  }
  throw new Error(`SQS takes no messages for ${url} now. Try it again later.`);
}
