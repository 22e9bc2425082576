import type { Handler } from '../handler.ts';

/**
 * Notes that a customer wrote for the first time. Its first message comes as `message.inbound` too, without
 * the `conversationId` that stands here.
 */
export const handler: Handler<'conversation.new'> = async ({ data }, { logger }) => {
  logger.info('conversation_new', {
    messageId: data.firstMessageId,
    channel: data.channel,
    conversationId: data.conversationId,
  });
};
