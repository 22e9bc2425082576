import type { Handler } from '../handler.ts';

/** Logs a customer's message of a kind that Zavu cannot pass on. Ask for it in another form. */
export const handler: Handler<'message.unsupported'> = async (event, context) => {
  context.logger.warn('message_unsupported', {
    messageId: event.data.messageId,
    channel: event.data.channel,
  });
};
