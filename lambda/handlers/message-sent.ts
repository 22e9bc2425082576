import type { Handler } from '../worker/handler.ts';

/** Notes that a message left for its carrier. Zavu promises no order: this may follow `message.delivered`. */
export const messageSent: Handler<'message.sent'> = async ({ data, timestamp }, { logger }) => {
  logger.info('message_sent', {
    messageId: data.messageId,
    channel: data.channel,
    lagMs: Date.now() - timestamp,
  });
};
