import type { Handler } from '../worker/handler.ts';

/** Notes that a message reached the customer's device. */
export const messageDelivered: Handler<'message.delivered'> = async ({ data, timestamp }, { logger }) => {
  logger.info('message_delivered', {
    messageId: data.messageId,
    channel: data.channel,
    lagMs: Date.now() - timestamp,
  });
};
