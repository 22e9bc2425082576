import type { Handler } from '../../../lambda/handlers/handler.ts';

/** Logs a field of the event's data. */
export const handler: Handler<
  'message.inbound' | 'message.unsupported' | 'message.status' | 'conversation.new'
> = async ({ data }, { logger }) => {
  logger.info('tested', { channel: data.channel });
};
