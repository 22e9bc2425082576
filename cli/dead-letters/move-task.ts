import { setTimeout as sleep } from 'node:timers/promises';
import {
  CancelMessageMoveTaskCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';

const pollMs = 1_000;

export interface Moved {
  /** How SQS says that it ended: COMPLETED, CANCELLED or FAILED. */
  status: string;
  moved: number;
  failure: string | undefined;
}

/**
 * Lets SQS move all letters of a queue by itself, and waits for it. SQS changes nothing of them, so they keep their
 * message attributes, those that their worker reads too; it gives each a new time of sending, and no group.
 *
 * @param signal cancels it
 * @throws Error where SQS does not take the task
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
 */
export async function moveAll(
  sqs: SQSClient,
  { from, to, rate, signal }: { from: string; to: string; rate: number; signal: AbortSignal },
): Promise<Moved> {
  const [SourceArn, DestinationArn] = [await arnOf(sqs, from), await arnOf(sqs, to)];
  const { TaskHandle } = await sqs.send(
    new StartMessageMoveTaskCommand({ SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: rate }),
  );
  let cancelled = false;
  for (;;) {
    const { Results = [] } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 1 }));
    const {
      Status = 'FAILED',
      ApproximateNumberOfMessagesMoved: moved = 0,
      FailureReason,
    } = Results[0] ?? {};
    if (Status !== 'RUNNING' && Status !== 'CANCELLING')
      return { status: Status, moved, failure: FailureReason };
    if (signal.aborted && !cancelled) {
      cancelled = true;
      await sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    }
    await sleep(pollMs);
  }
}

async function arnOf(sqs: SQSClient, url: string): Promise<string | undefined> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
  );
  return Attributes?.QueueArn;
}
