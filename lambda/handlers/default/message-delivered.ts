import type { Handler } from '../handler.ts';

/** Logs that a message reached the customer's device. */
export const handler: Handler<'message.delivered'> = async (event, context) => {
  context.logger.info('message_delivered', {
    messageId: event.data.messageId,
    channel: event.data.channel,
    lagMs: Date.now() - event.timestamp,
  });
};
