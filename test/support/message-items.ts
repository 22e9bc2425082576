import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { StartedStack } from './started-stack.ts';

/** The items of a message or template in a local run's messages table, each of another owner. */
export async function messageItems(id: string, { ready }: StartedStack): Promise<Record<string, unknown>[]> {
  const dynamoDb = new DynamoDBClient({
    endpoint: ready.endpoints.dynamodb,
    region: 'us-east-1',
    credentials: ready.credentials,
  });
  const query = new QueryCommand({
    TableName: ready.outputs.MessagesTableName,
    KeyConditionExpression: 'id = :id',
    ExpressionAttributeValues: marshall({ ':id': id }),
  });
  const { Items = [] } = await dynamoDb.send(query).finally(() => dynamoDb.destroy());
  return Items.map((each) => unmarshall(each));
}
