import type { Handler } from '../handler.ts';

/** Logs that Zavu took a message. The first of the events that share its `messageId`. */
export const handler: Handler<'message.queued'> = async (event, context) => {
  context.logger.info('message_queued', {
    messageId: event.data.messageId,
    channel: event.data.channel,
    templateId: event.data.templateId,
    lagMs: Date.now() - event.timestamp,
  });
};
