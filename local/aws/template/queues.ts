import { CreateQueueCommand, SetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Assembly } from './assembly.ts';
import { queueName } from './intrinsics.ts';
import type { Resolve } from './resolve.ts';

const fifoAttributes = [
  'FifoQueue',
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
];
const queueAttributes = ['VisibilityTimeout', 'MessageRetentionPeriod', 'MaximumMessageSize', 'DelaySeconds'];

/**
 * Creates the template's queues, those without a redrive policy (the dead-letter queues) first. A queue that
 * is there keeps its messages and takes the template's attributes.
 */
export async function createQueues(sqs: SQSClient, assembly: Assembly, resolve: Resolve): Promise<string[]> {
  const queues = Object.entries(assembly.resources)
    .filter(([, { Type }]) => Type === 'AWS::SQS::Queue')
    .sort(
      ([, a], [, b]) => Number('RedrivePolicy' in a.Properties) - Number('RedrivePolicy' in b.Properties),
    );
  for (const [id, { Properties }] of queues) {
    const attributes = queueAttributes
      .filter((name) => name in Properties)
      .map((name) => [name, String(Properties[name])]);
    if (Properties.RedrivePolicy) {
      attributes.push(['RedrivePolicy', JSON.stringify(resolve(Properties.RedrivePolicy))]);
    }
    const Attributes = Object.fromEntries(attributes);
    // In two steps, because creating a queue that is there with other attributes is an error.
    const QueueName = queueName(id, Properties);
    const fifo = fifoAttributes
      .filter((name) => name in Properties)
      .map((name) => [name, String(Properties[name])]);
    await sqs.send(new CreateQueueCommand({ QueueName, Attributes: Object.fromEntries(fifo) }));
    if (attributes.length === 0) continue;
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: String(resolve({ Ref: id })), Attributes }));
  }
  return queues.map(([id]) => id);
}
