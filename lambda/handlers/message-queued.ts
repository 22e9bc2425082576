import type { Handler } from '../worker/handler.ts';

/** Notes that Zavu took a message. The first of the events that share its `messageId`. */
export const messageQueued: Handler<'message.queued'> = async ({ data, timestamp }, { logger }) => {
  logger.info('message_queued', {
    messageId: data.messageId,
    channel: data.channel,
    ...(data.templateId ? { templateId: data.templateId } : {}),
    lagMs: Date.now() - timestamp,
  });
};
