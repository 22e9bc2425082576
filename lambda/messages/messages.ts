import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { integer, readEnv } from '../shared/env.ts';
import type { Logger } from '../shared/log.ts';
import { clientSettings } from '../worker/clients.ts';
import { messagesEnv } from './env.ts';
import { addToMessage, idOfMessage, type Message, type MessageEvent } from './message.ts';
import { addToTemplate, idOfTemplate, type Template, type TemplateEvent } from './template.ts';

/** The messages table: an item per message and per template, which late and repeated events never set back. */
export interface Messages {
  /**
   * Brings a message's item up to date. Does nothing where the table is switched off.
   *
   * @throws Error where the table is out of reach: the event is tried again later
   */
  record(event: MessageEvent, context: RecordContext): Promise<void>;
  /** The same for a template's item. */
  recordTemplate(event: TemplateEvent, context: RecordContext): Promise<void>;
}

export interface RecordContext {
  logger: Logger;
  signal: AbortSignal;
}

export interface MessagesTable {
  client: DynamoDBClient;
  tableName: string;
  /** How long an item stays after its latest event. */
  retentionSeconds: number;
  /** Whether addresses and texts are kept. */
  storeContent: boolean;
}

/**
 * How often a write is tried that another worker was quicker with. A message has a handful of events, and each
 * round at least one of them gets through.
 */
const maxRounds = 10;

/** DynamoDB takes items of 400 KB and keys of 2 KB; an event may have 1 MiB. */
const maxContentBytes = 200_000;
const maxIdBytes = 2_000;

/**
 * Creates the messages table's client.
 *
 * An item is read, the event added, and the item written on the condition that nobody has written it since:
 * what an item becomes is decided in plain functions (message.ts, template.ts), and workers that run at once
 * agree (docs/decisions/0011).
 */
export function createMessages(table: MessagesTable): Messages {
  async function update<Item extends Message | Template>(
    id: string,
    add: (before: Item | undefined) => Item,
    signal: AbortSignal,
  ): Promise<void> {
    for (let round = 0; round < maxRounds; round++) {
      // An old item is harmless, because it cannot be written to; a second round had better see the newest.
      const stored = await read<Item>(table, id, round > 0, signal);
      const after = add(stored?.item);
      if (after === stored?.item) return;
      if (await write(table, after, stored?.version, signal)) return;
    }
    throw new Error('Other workers kept changing the item.');
  }

  return {
    async record(event, { logger, signal }) {
      const { messageId } = event.data;
      if (!isKey(messageId) || !Number.isSafeInteger(event.timestamp))
        return logger.warn('message_not_recorded');
      const storeContent = table.storeContent && bytes(JSON.stringify(event.data)) <= maxContentBytes;
      await update<Message>(
        idOfMessage(messageId),
        (before) => addToMessage(before, event, storeContent),
        signal,
      );
    },
    async recordTemplate(event, { logger, signal }) {
      const { templateId } = event.data;
      if (!isKey(templateId) || !Number.isSafeInteger(event.timestamp))
        return logger.warn('template_not_recorded');
      await update<Template>(idOfTemplate(templateId), (before) => addToTemplate(before, event), signal);
    },
  };
}

/** An item as this module has written it, and its version. */
async function read<Item>(
  { client, tableName }: MessagesTable,
  id: string,
  isConsistent: boolean,
  signal: AbortSignal,
): Promise<{ item: Item; version: number } | undefined> {
  const get = new GetItemCommand({
    TableName: tableName,
    Key: marshall({ id }),
    ConsistentRead: isConsistent,
  });
  const { Item } = await client.send(get, { abortSignal: signal });
  if (!Item) return undefined;
  const { version, expiresAt: _, ...item } = unmarshall(Item);
  return { item: item as Item, version };
}

/** Writes an item. Gives false where it is no longer at the version that was read. */
async function write(
  { client, tableName, retentionSeconds }: MessagesTable,
  item: Message | Template,
  version: number | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const expiresAt = Math.floor(item.updatedAt / 1000) + retentionSeconds;
  const put = new PutItemCommand({
    TableName: tableName,
    Item: marshall({ ...item, version: (version ?? 0) + 1, expiresAt }),
    ...(version === undefined
      ? { ConditionExpression: 'attribute_not_exists(id)' }
      : {
          ConditionExpression: 'version = :version',
          ExpressionAttributeValues: marshall({ ':version': version }),
        }),
  });
  try {
    await client.send(put, { abortSignal: signal });
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** Data that drifted may hold anything in an id's place. */
function isKey(id: unknown): id is string {
  return typeof id === 'string' && id !== '' && bytes(id) <= maxIdBytes;
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

function fromEnvironment(): Messages {
  if (!process.env.MESSAGES_TABLE) return { record: async () => {}, recordTemplate: async () => {} };
  const env = readEnv(messagesEnv);
  return createMessages({
    client: new DynamoDBClient(clientSettings),
    tableName: env.MESSAGES_TABLE,
    retentionSeconds: integer(env, 'MESSAGE_RETENTION_SECONDS'),
    storeContent: env.STORE_CONTENT === 'true',
  });
}

/** The messages table of this stack. */
export const messages = fromEnvironment();
