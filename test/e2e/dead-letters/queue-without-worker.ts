import { randomBytes } from 'node:crypto';
import { CreateQueueCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { changedStateFile } from '../../support/state-file.ts';
import { sqs, stack } from './harness.ts';

/**
 * A queue in the place of the inbound worker's, from which no worker takes anything. It is first-in-first-out, because
 * such a queue shows the group of a message.
 */
export async function queueWithoutWorker(): Promise<{ stateFile: string; receive(): Promise<Message[]> }> {
  const name = randomBytes(4).toString('hex');
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({
      QueueName: `without-worker-${name}.fifo`,
      Attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'true' },
    }),
  );
  const stateFile = changedStateFile(stack, name, ({ outputs }) => {
    outputs.InboundQueueUrl = QueueUrl;
  });
  return {
    stateFile,
    async receive() {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          WaitTimeSeconds: 1,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['All'],
        }),
      );
      return Messages;
    },
  };
}

/** The attributes of a message, by name. */
export function attributesOf(message: Message | undefined): Record<string, string | undefined> {
  const attributes = Object.entries(message?.MessageAttributes ?? {});
  return Object.fromEntries(attributes.map(([name, { StringValue }]) => [name, StringValue]));
}
