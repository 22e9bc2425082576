import type { Handler } from '../worker/handler.ts';

/**
 * Codes after which sending to the same address again fails again: take it off the list, or ask the customer
 * for another one. Carriers' numbers as Zavu passes them on; unknown codes count as worth another try.
 */
const deadAddresses = new Set(['30004', '30005', '30006', 'EMAIL_INVALID_RECIPIENT']);

/** Tells a message that may be sent again from an address that will never take one. */
export const messageFailed: Handler<'message.failed'> = async ({ data, timestamp }, { logger }) => {
  const code = data.errorCode ?? 'none';
  logger.warn('message_failed', {
    messageId: data.messageId,
    channel: data.channel,
    errorCode: code,
    intent: deadAddresses.has(code) ? 'stop-sending' : 'may-send-again',
    lagMs: Date.now() - timestamp,
  });
};
