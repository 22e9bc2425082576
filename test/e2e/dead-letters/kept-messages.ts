import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { type MessageFacts, messageAttributes } from '../../../lambda/queued-event/queue-message.ts';
import { maxEventBytes } from '../../../lambda/queued-event/size.ts';
import { packEvent } from '../../../lambda/queued-event/text.ts';
import type { EventType } from '../../../lambda/zavu/catalogue.ts';
import { outputNames } from '../../../lib/outputs.ts';
import { routes } from '../../support/handlers.ts';
import { inbound } from '../../support/webhook.ts';
import type { Order } from '../orders.ts';
import { sqs, stack } from './harness.ts';

/**
 * Lets events fail: each as its text orders. They go to their worker's queue without the receiver, which on a busy
 * machine answers 503 for what it has queued: an event that is sent again then has two dead letters, and a redrive leaves
 * the second of them to the next.
 */
export async function fail(text: Order, count = 1, type: EventType = 'message.inbound') {
  const events = Array.from({ length: count }, () => ({ ...inbound(text), type }));
  const QueueUrl = stack.ready.outputs[outputNames.queueUrl(routes.workerFor(type) ?? '')];
  await Promise.all(
    events.map((event) => {
      const MessageBody = JSON.stringify(event);
      stack.confide(MessageBody);
      return sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: event.projectId }));
    }),
  );
  await Promise.all(events.map(({ id }) => stack.until(id, ['dead_lettered'])));
  return events;
}

/** Puts a message into the queue of an output, as a function of the stack does. */
export async function keep(
  output: string,
  MessageBody: string,
  attributes: Record<string, string>,
): Promise<void> {
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
  await sqs.send(
    new SendMessageCommand({ QueueUrl: stack.ready.outputs[output], MessageBody, MessageAttributes }),
  );
}

/** Puts an event into the unrouted queue, as the receiver does. */
export function keepUnrouted(event: object, facts: MessageFacts): Promise<void> {
  return keep('UnroutedQueueUrl', JSON.stringify(event), messageAttributes(facts));
}

/** An event that is larger than a queue takes, and has no time of its own. */
export function large(text: string) {
  const { timestamp: _, ...event } = inbound(text);
  const sent = { ...event, log: 'mañana '.repeat(300_000) };
  const packed = packEvent(JSON.stringify(sent), maxEventBytes);
  if (packed?.encoding !== 'brotli_base64') throw new Error('It is not compressed.');
  return { event: sent, body: packed.body, encoding: packed.encoding };
}
