import type { Handler } from '../handler.ts';
import { intentOf } from './intent.ts';

/**
 * Recognizes what a customer's message asks for: the keywords that carriers oblige senders to honour, a reaction, a
 * media message, or a message that wants an answer.
 */
export const handler: Handler<'message.inbound'> = async (event, context) => {
  const { data } = event;
  context.logger.info('message_inbound', {
    messageId: data.messageId,
    intent: intentOf(data),
    channel: data.channel,
  });
};
