import { arn } from '../template/intrinsics.ts';
import type { ResourceType, TemplateResource } from './resource-type.ts';

/** Queues. SQS moves dead letters itself: the other queue's redrive allow policy decides, and no policy of IAM. */
export const queueTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::SQS::Queue': {
    properties: [
      'ContentBasedDeduplication',
      'DeduplicationScope',
      'DelaySeconds',
      'FifoQueue',
      'FifoThroughputLimit',
      'MaximumMessageSize',
      'MessageRetentionPeriod',
      'QueueName',
      'ReceiveMessageWaitTimeSeconds',
      'RedriveAllowPolicy',
      'RedrivePolicy',
      'SqsManagedSseEnabled',
      'Tags',
      'VisibilityTimeout',
    ],
    calls(queue) {
      assertRedrive(queue);
      return [];
    },
  },
  'AWS::SQS::QueuePolicy': { properties: ['PolicyDocument', 'Queues'] },
};

interface RedriveAllowPolicy {
  redrivePermission?: 'allowAll' | 'denyAll' | 'byQueue';
  sourceQueueArns?: string[];
}

/**
 * A dead-letter queue is in the account and region of its source, and allows all sources unless it says otherwise.
 *
 * @throws Error if it is elsewhere, or does not allow the source
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
 */
function assertRedrive(source: TemplateResource): void {
  const { deadLetterTargetArn: target } = Object(source.get('RedrivePolicy')) as {
    deadLetterTargetArn?: string;
  };
  if (target === undefined) return;
  const refused = `AWS would refuse to deploy this: dead letters of ${source.id} go to ${target}, `;
  if (!target.startsWith(arn('sqs', ''))) {
    throw new Error(`${refused}which is in another account or region.`);
  }
  const queue = source.others('AWS::SQS::Queue').find((other) => other.attribute('Arn') === target);
  if (!queue)
    throw new Error(`${source.id} leads to ${target}, which is no AWS::SQS::Queue of this template.`);
  const { redrivePermission = 'allowAll', sourceQueueArns = [] } = Object(
    queue.get('RedriveAllowPolicy'),
  ) as RedriveAllowPolicy;
  const isAllowed =
    redrivePermission === 'allowAll' ||
    (redrivePermission === 'byQueue' && sourceQueueArns.includes(source.attribute('Arn')));
  if (!isAllowed) throw new Error(`${refused}whose RedriveAllowPolicy does not allow it.`);
}
