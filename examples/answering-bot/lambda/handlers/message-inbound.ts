import type { Handler } from 'zavu-webhooks/handlers';
import { connect } from '../zavu.ts';

/** Answers a customer's message, from the sender that the customer wrote to. */
export const handler: Handler<'message.inbound'> = async (event, { idempotencyKey, logger, signal }) => {
  const { from, text, messageId } = event.data;
  // A person may have no address to write to, and a picture has no text.
  if (!from || !text) return;
  const zavu = await connect();
  // The key is the same on every attempt. If this function dies after Zavu took the message, the next attempt sends the
  // same key, and the customer gets one answer.
  const answer = { to: from, text: answerTo(text), idempotencyKey, 'Zavu-Sender': event.senderId };
  await zavu.messages.send(answer, { signal });
  logger.info('answered', { messageId });
};

function answerTo(text: string): string {
  return /\bhours?\b/i.test(text)
    ? 'We are here from 9 to 17, from Monday to Friday.'
    : 'Thank you. A person will answer you soon.';
}
