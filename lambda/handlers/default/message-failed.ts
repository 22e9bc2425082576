import type { Handler } from '../handler.ts';
import { meaningOf } from './error-codes.ts';

/** Logs that a message failed, and logs why and what to do: `reason` and `intent` come from `error-codes.ts`. */
export const handler: Handler<'message.failed'> = async (event, context) => {
  const { meaning, advice } = meaningOf(event.data.errorCode);
  context.logger.warn('message_failed', {
    messageId: event.data.messageId,
    channel: event.data.channel,
    errorCode: event.data.errorCode ?? 'none',
    reason: meaning,
    intent: advice,
  });
};
