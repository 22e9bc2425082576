import { Duration, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { dataRemovalPolicy, type Settings } from './settings/settings.ts';

/** Where events rest until a person looks: SQS's longest, 14 days. */
export const deadLetterRetentionDays = 14;

/** SQS takes 1 MiB. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const maxMessageBytes = 1_048_576;

/** The largest event that is taken: as a dead letter it carries labels, a little more than 1 KB, which SQS counts. */
export const maxEventBytes = maxMessageBytes - 2_048;

/** A queue of the house: encrypted, TLS only, kept with its messages where data is to be retained. */
export function createQueue(scope: Construct, id: string, settings: Settings, props: QueueProps): Queue {
  return new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    maxMessageSizeBytes: maxMessageBytes,
    removalPolicy: dataRemovalPolicy(settings),
    ...props,
  });
}

/** A queue where events rest: a dead-letter queue, or the unrouted queue. */
export function createHoldingQueue(scope: Construct, id: string, settings: Settings): Queue {
  const queue = createQueue(scope, id, settings, { retentionPeriod: Duration.days(deadLetterRetentionDays) });
  Validations.of(queue).acknowledge({
    id: 'Serverless::Serverless-SQSRedrivePolicy',
    reason: 'The end of the line: nothing receives from it, so no message can fail and be moved on.',
  });
  return queue;
}
