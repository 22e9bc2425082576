import type { Handler } from '../handler.ts';

/**
 * Logs that a customer wrote for the first time. The first message comes as `message.inbound` too, without the
 * `conversationId` that this event has.
 */
export const handler: Handler<'conversation.new'> = async ({ data }, { logger }) => {
  logger.info('conversation_new', {
    messageId: data.firstMessageId,
    channel: data.channel,
    conversationId: data.conversationId,
  });
};
