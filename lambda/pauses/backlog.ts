import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** What is in the queue of a worker, by SQS's own figures, which may be up to a minute old. */
export interface Backlog {
  /** Events that wait to be received. */
  waiting: number;
  /** Those that back off, and those that the worker has in hand. */
  hidden: number;
}

/**
 * Asks SQS what is in a queue.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/troubleshooting-messages-not-returned-ReceiveMessage.html
 */
export async function backlogOf(client: SQSClient, queueUrl: string): Promise<Backlog> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesDelayed',
        'ApproximateNumberOfMessagesNotVisible',
      ],
    }),
  );
  return {
    waiting:
      Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesDelayed),
    hidden: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
  };
}
