import type { Handler } from '../handler.ts';

/** Logs that a message left for its carrier. Zavu promises no order: this may follow `message.delivered`. */
export const handler: Handler<'message.sent'> = async (event, context) => {
  context.logger.info('message_sent', {
    messageId: event.data.messageId,
    channel: event.data.channel,
    lagMs: Date.now() - event.timestamp,
  });
};
