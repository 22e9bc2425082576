import { Duration, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { maxMessageBytes } from '../lambda/queued-event/size.ts';

/** How long a dead letter or an unrouted event is kept: SQS's longest, 14 days. */
export const deadLetterRetentionDays = 14;

/** Creates a queue that is encrypted and takes TLS only. */
export function createQueue(scope: Construct, id: string, props: QueueProps): Queue {
  return new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    maxMessageSizeBytes: maxMessageBytes,
    ...props,
  });
}

/** Creates the queue of a worker's dead letters, which are kept until a person redrives them. */
export function createDeadLetterQueue(scope: Construct, id: string): Queue {
  const queue = createQueue(scope, id, { retentionPeriod: Duration.days(deadLetterRetentionDays) });
  Validations.of(queue).acknowledge({
    id: 'Serverless::Serverless-SQSRedrivePolicy',
    reason: 'The end of the line: nothing receives from it, so no message can fail and be moved on.',
  });
  return queue;
}

/** Creates the queue of events that no worker handles. Like a dead-letter queue, but no queue's redrive policy names it. */
export function createUnroutedQueue(scope: Construct, id: string): Queue {
  const queue = createDeadLetterQueue(scope, id);
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions::AwsSolutions-SQS3',
    reason: 'Nothing receives from it, so no message can fail here. An alarm fires at the first message.',
  });
  return queue;
}
