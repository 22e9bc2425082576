import { CreateTableCommand, DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, SetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Assembly } from './assembly.ts';
import type { Resolve } from './intrinsics.ts';

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
    await sqs.send(new CreateQueueCommand({ QueueName: id }));
    if (attributes.length === 0) continue;
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: String(resolve({ Ref: id })), Attributes }));
  }
  return queues.map(([id]) => id);
}

/** Creates the template's tables that are not there yet. */
export async function createTables(dynamoDb: DynamoDBClient, assembly: Assembly): Promise<string[]> {
  const tables = Object.entries(assembly.resources).filter(([, { Type }]) => /^AWS::DynamoDB::/.test(Type));
  for (const [id, { Properties }] of tables) {
    const exists = await dynamoDb.send(new DescribeTableCommand({ TableName: id })).catch(() => undefined);
    if (exists) continue;
    const { KeySchema, AttributeDefinitions } = Properties as Pick<
      ConstructorParameters<typeof CreateTableCommand>[0],
      'KeySchema' | 'AttributeDefinitions'
    >;
    await dynamoDb.send(
      new CreateTableCommand({
        TableName: id,
        KeySchema,
        AttributeDefinitions,
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
  }
  return tables.map(([id]) => id);
}
