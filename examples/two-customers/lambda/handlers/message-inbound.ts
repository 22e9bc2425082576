import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type Handler, PermanentFailure } from 'zavu-webhooks/handlers';

/** The table of each customer's tickets, by the sender's id. */
const tables = new Map<string, string>(Object.entries(JSON.parse(process.env.TICKET_TABLES ?? '{}')));
const dynamoDb = new DynamoDBClient();

/**
 * Opens a ticket in the table of the customer that the message was sent to. The sender is proved: each customer's secret is
 * bound to its sender, so that no customer can sign another's events.
 */
export const handler: Handler<'message.inbound'> = async (event, { idempotencyKey, logger, signal }) => {
  const { messageId } = event.data;
  const table = tables.get(event.senderId ?? '');
  if (!table) throw new PermanentFailure('No customer has this sender.');
  // Its id is the same on every attempt, so that there is one ticket.
  const ticket = { id: { S: idempotencyKey }, messageId: { S: messageId } };
  await dynamoDb.send(new PutItemCommand({ TableName: table, Item: ticket }), { abortSignal: signal });
  logger.info('ticket_opened', { messageId });
};
