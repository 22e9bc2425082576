import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { messagesEnv } from '../messages/env.ts';
import type { Messages } from '../messages/store.ts';
import { readEnv, readInteger } from '../shared/env.ts';

/**
 * The messages table that a worker's environment names.
 *
 * Its code is loaded on demand, so that the cold start of a worker without the table is not slower.
 *
 * @returns undefined if the environment names none: the table is switched off, or the worker handles no event of it
 * @throws Error at cold start, naming the environment variables that are missing beside `MESSAGES_TABLE`
 */
export function messagesTableOf(client: DynamoDBClient): Messages | undefined {
  if (!process.env.MESSAGES_TABLE) return undefined;
  const env = readEnv(messagesEnv);
  const table = {
    client,
    tableName: env.MESSAGES_TABLE,
    retentionSeconds: readInteger(env, 'MESSAGE_RETENTION_SECONDS'),
    storeMessageContent: env.STORE_MESSAGE_CONTENT === 'true',
  };
  const loaded = import('../messages/store.ts').then(({ createMessages }) => createMessages(table));
  return {
    async record(event, context) {
      await (await loaded).record(event, context);
    },
  };
}
