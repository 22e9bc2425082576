import type { Handler } from '../handler.ts';

/** Notes a contact's WhatsApp story. Despite its name it says nothing of a message that you sent. */
export const handler: Handler<'message.status'> = async ({ data }, { logger }) => {
  logger.info('contact_story', { messageId: data.messageId });
};
