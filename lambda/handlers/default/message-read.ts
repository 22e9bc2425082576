import type { Handler } from '../handler.ts';

/** Logs that the customer read a message. Only WhatsApp reports it. */
export const handler: Handler<'message.read'> = async (event, context) => {
  context.logger.info('message_read', {
    messageId: event.data.messageId,
    channel: event.data.channel,
    lagMs: Date.now() - event.timestamp,
  });
};
