import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { reportsOf } from '../../lambda/messages/message.ts';
import type { Deployment } from '../shared/deployment.ts';

const text = z.optional(z.string());

const reportSchema = z.object({
  at: z.number(),
  eventId: z.string(),
  channel: text,
  errorCode: text,
  templateId: text,
  conversationId: text,
  messageType: text,
  data: text,
  contentLeftOut: z.optional(z.boolean()),
});

const itemSchema = z.object({
  owner: z.string(),
  status: z.string(),
  channel: text,
  errorCode: text,
  projectId: text,
  senderId: text,
  /** For each status, the first event that reported it. The table has an attribute for each. */
  reports: z.record(z.string(), reportSchema),
  updatedAt: z.number(),
  expiresAt: z.optional(z.number()),
});

/**
 * An item of the messages table (lambda/messages/message.ts), as far as commands show it. Its times are in milliseconds, and
 * `expiresAt` is in seconds.
 */
export type MessageItem = z.infer<typeof itemSchema>;

/**
 * The items of a message: one for each project and sender whose events have named it.
 *
 * @throws Error if there is no messages table, or if it cannot be read
 */
export async function readMessageItems(deployment: Deployment, messageId: string): Promise<MessageItem[]> {
  const { name, outputs } = deployment;
  const { MessagesTableName: TableName } = outputs;
  if (!TableName) throw new Error(`${name} has no messages table. Switch it on: -c messagesTable=true.`);
  const client = new DynamoDBClient(deployment.client('dynamodb'));
  try {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName,
        // `id` is the partition key, `owner` the sort key (lambda/messages/key.ts).
        KeyConditionExpression: 'id = :id',
        ExpressionAttributeValues: marshall({ ':id': `message#${messageId}` }),
      }),
    );
    return Items.map((item) => {
      const attributes = unmarshall(item);
      const { data } = itemSchema.safeParse({ ...attributes, reports: reportsOf(attributes) });
      if (!data)
        throw new Error('An item cannot be read: another version of zavu-webhooks may have written it.');
      return data;
    });
  } finally {
    client.destroy();
  }
}
