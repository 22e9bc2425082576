import type { Handler } from 'zavu-webhooks/handlers';
import { connect } from '../zavu.ts';

/** Answers a customer's message by a message. */
export const handler: Handler<'message.inbound'> = async ({ data }, { idempotencyKey, logger, signal }) => {
  const { from, text, channel, messageId } = data;
  // Null: this person has no address that can be written to. Without a text there is nothing to answer here.
  if (!from || !text) return;
  const zavu = await connect();
  // The key is the same on every attempt, so that the customer gets one answer, whatever happens in between.
  await zavu.messages.send({ to: from, text: answerTo(text), idempotencyKey }, { signal });
  logger.info('answered', { messageId, channel });
};

function answerTo(text: string): string {
  return /\bhours?\b/i.test(text)
    ? 'We are here from 9 to 17, from Monday to Friday.'
    : 'Thank you. A person will answer you soon.';
}
