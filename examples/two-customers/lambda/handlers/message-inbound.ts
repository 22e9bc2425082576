import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type Handler, PermanentFailure } from 'zavu-webhooks/handlers';

/** The names of the customers' tables, by sender. */
const tables = new Map<string, string>(Object.entries(JSON.parse(process.env.TICKET_TABLES ?? '{}')));
const dynamoDb = new DynamoDBClient();

/**
 * Opens a ticket in the table of the customer whose sender got the message. `event.senderId` can be trusted, because each
 * customer's signing secret is bound to that customer's sender.
 */
export const handler: Handler<'message.inbound'> = async (event, { idempotencyKey, logger, signal }) => {
  const { messageId } = event.data;
  const table = tables.get(event.senderId ?? '');
  if (!table) throw new PermanentFailure('No customer has this sender.');
  // The key is the same on every attempt, so there is one ticket.
  const ticket = { id: { S: idempotencyKey }, messageId: { S: messageId } };
  await dynamoDb.send(new PutItemCommand({ TableName: table, Item: ticket }), { abortSignal: signal });
  logger.info('ticket_opened', { messageId });
};
