import type { Handler } from '../../../lambda/handlers/handler.ts';

/** Logs fields of the event's data: an id, and two codes. */
export const handler: Handler<
  'message.queued' | 'message.sent' | 'message.delivered' | 'message.read' | 'message.failed'
> = async ({ data }, { logger }) => {
  const { messageId, channel } = data;
  logger.info('tested', { messageId, channel, errorCode: 'errorCode' in data ? data.errorCode : undefined });
};
