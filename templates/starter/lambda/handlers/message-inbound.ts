import { type Handler, intentOf } from 'zavu-webhooks/handlers';

/**
 * Handles a customer's message. Start here: reply, open a ticket, or record the opt-out, with `idempotencyKey` on whatever
 * you call.
 */
export const handler: Handler<'message.inbound'> = async ({ data }, { logger }) => {
  logger.info('message_inbound', {
    messageId: data.messageId,
    channel: data.channel,
    intent: intentOf(data),
  });
};
