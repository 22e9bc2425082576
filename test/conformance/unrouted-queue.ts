import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { unpackBytes } from '../../lambda/queued-event/text.ts';
import { idOfBytes, readEnvelope } from '../../lambda/zavu/envelope.ts';
import { eventually } from '../support/eventually.ts';
import { sqsAt } from '../support/sqs.ts';
import type { StartedStack } from '../support/started-stack.ts';

/**
 * Looks into a queue that keeps its messages.
 *
 * @param name what the queue's logical id begins with
 * @returns a function that waits for the message of an event, or of what is none, by its id, and gives what was signed
 */
export function keptIn(stack: StartedStack, name: string): (id: string) => Promise<Buffer> {
  const { endpoints, credentials, queues } = stack.ready;
  const QueueUrl = Object.entries(queues).find(([logicalId]) => logicalId.startsWith(name))?.[1];
  // What was received is hidden for a while, so it is remembered for the next caller.
  const found = new Map<string, Buffer>();
  return async (id) => {
    const sqs = sqsAt(endpoints.sqs, credentials);
    try {
      await eventually(
        async () => {
          if (found.has(id)) return true;
          const { Messages = [] } = await sqs.send(
            new ReceiveMessageCommand({
              QueueUrl,
              MaxNumberOfMessages: 10,
              WaitTimeSeconds: 1,
              MessageAttributeNames: ['All'],
            }),
          );
          for (const { Body = '', MessageAttributes } of Messages) {
            const signed = unpackBytes(Body, MessageAttributes?.encoding?.StringValue) ?? Buffer.from(Body);
            found.set(readEnvelope(signed.toString(), Date.now())?.event.id ?? idOfBytes(signed), signed);
          }
          return false;
        },
        () => `${id} in ${name}`,
      );
      return found.get(id) ?? Buffer.alloc(0);
    } finally {
      sqs.destroy();
    }
  };
}
