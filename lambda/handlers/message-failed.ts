import { messages } from '../messages/messages.ts';
import type { Handler } from '../worker/handler.ts';

/**
 * Codes after which sending to the same address again fails again: take it off the list, or ask the customer
 * for another one. Carriers' numbers as Zavu passes them on; unknown codes count as worth another try.
 */
const deadAddresses = new Set(['30004', '30005', '30006', 'EMAIL_INVALID_RECIPIENT']);

/** Records that a message failed, and tells one that may be sent again from an address that takes none. */
export const handler: Handler<'message.failed'> = async (event, context) => {
  await messages.record(event, context);
  const code = event.data.errorCode ?? 'none';
  context.logger.warn('message_failed', {
    messageId: event.data.messageId,
    channel: event.data.channel,
    errorCode: code,
    intent: deadAddresses.has(code) ? 'stop-sending' : 'may-send-again',
    lagMs: Date.now() - event.timestamp,
  });
};
