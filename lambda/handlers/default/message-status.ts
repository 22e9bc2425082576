import type { Handler } from '../handler.ts';

/** Logs a contact's WhatsApp story. Despite its name, this type says nothing about a message that you sent. */
export const handler: Handler<'message.status'> = async ({ data }, { logger }) => {
  logger.info('contact_story', { messageId: data.messageId });
};
