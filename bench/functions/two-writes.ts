import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { SQSEvent } from 'aws-lambda';

/** The least that once-only costs a worker: two raw writes for an event, as large as a claim and its record. */
const client = new DynamoDBClient({});
const TableName = process.env.IDEMPOTENCY_TABLE ?? '';
const later = String(Math.floor(Date.now() / 1000) + 86_400);

export async function handler({ Records }: SQSEvent) {
  await Promise.all(
    Records.map(async ({ messageId, body }) => {
      const id = { S: `zavu-event#${JSON.parse(body).id}` };
      await client.send(
        new PutItemCommand({
          TableName,
          Item: {
            id,
            expiration: { N: later },
            status: { S: 'INPROGRESS' },
            in_progress_expiration: { N: String(Date.now() + 30_000) },
          },
          ConditionExpression: 'attribute_not_exists(id) OR expiration < :now',
          ExpressionAttributeValues: { ':now': { N: String(Math.floor(Date.now() / 1000)) } },
        }),
      );
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: { id },
          UpdateExpression: 'SET expiration = :expiration, #status = :status',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: { ':expiration': { N: later }, ':status': { S: 'COMPLETED' } },
        }),
      );
      return messageId;
    }),
  );
  return { batchItemFailures: [] };
}
