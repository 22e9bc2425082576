import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientSettings } from '../shared/client-settings.ts';
import { integer, readEnv } from '../shared/env.ts';
import type { Logger } from '../shared/log.ts';
import { messagesEnv } from './env.ts';
import { changeItem, type Items } from './items.ts';
import { itemKey } from './key.ts';
import { addToMessage, type Message, type MessageEvent, withoutContent } from './message.ts';
import { addToTemplate, type Template, type TemplateEvent, withoutText } from './template.ts';

/** The messages table: an item per message and per template, which late and repeated events never set back. */
export interface Messages {
  /**
   * Brings a message's item up to date. Does nothing where the table is switched off, and nothing but a log line
   * where no item can be made of the event.
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

export interface MessagesTable extends Items {
  /** Whether addresses and texts are kept. */
  storeMessageContent: boolean;
}

/**
 * Creates the messages table's client.
 *
 * An item is read, the event added, and the item written on the condition that nobody has written it since:
 * what an item becomes is decided in plain functions (message.ts, template.ts), and workers that run at once
 * agree (docs/decisions/0011).
 *
 * @param clock gives milliseconds
 */
export function createMessages(table: MessagesTable, clock: () => number = Date.now): Messages {
  const { storeMessageContent } = table;
  return {
    async record(event, { logger, signal }) {
      const key = itemKey('message', event.data.messageId, event);
      if ('problem' in key) return logger.warn('message_not_recorded', { reason: key.problem });
      const now = clock();
      const change = {
        add: (before: Message | undefined) => addToMessage(before, event, { storeMessageContent, now }),
        shorten: withoutContent,
      };
      const outcome = await changeItem(table, key, change, now, signal);
      if (outcome === 'refused') logger.warn('message_not_recorded', { reason: outcome });
    },
    async recordTemplate(event, { logger, signal }) {
      const key = itemKey('template', event.data.templateId, event);
      if ('problem' in key) return logger.warn('template_not_recorded', { reason: key.problem });
      const now = clock();
      const change = {
        add: (before: Template | undefined) => addToTemplate(before, event, { storeMessageContent, now }),
        shorten: withoutText,
      };
      const outcome = await changeItem(table, key, change, now, signal);
      if (outcome === 'refused') logger.warn('template_not_recorded', { reason: outcome });
    },
  };
}

function fromEnvironment(): Messages {
  if (!process.env.MESSAGES_TABLE) return { record: async () => {}, recordTemplate: async () => {} };
  const env = readEnv(messagesEnv);
  return createMessages({
    client: new DynamoDBClient(clientSettings),
    tableName: env.MESSAGES_TABLE,
    retentionSeconds: integer(env, 'MESSAGE_RETENTION_SECONDS'),
    storeMessageContent: env.STORE_CONTENT === 'true',
  });
}

/** The messages table of this stack. */
export const messages = fromEnvironment();
