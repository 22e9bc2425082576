import { messages } from '../messages/messages.ts';
import type { Handler } from '../worker/handler.ts';

const intents: Readonly<Record<string, string>> = {
  stop: 'opt-out',
  stopall: 'opt-out',
  unsubscribe: 'opt-out',
  cancel: 'opt-out',
  baja: 'opt-out',
  alto: 'opt-out',
  start: 'opt-in',
  unstop: 'opt-in',
  alta: 'opt-in',
  help: 'help',
  ayuda: 'help',
};

/**
 * Records a customer's message and recognizes what it asks for: the keywords that carriers oblige senders to
 * honour, a reaction, a media message, or a message that wants an answer. Start here: reply, open a ticket, or
 * record the opt-out, with `idempotencyKey` on whatever you call.
 */
export const handler: Handler<'message.inbound'> = async (event, context) => {
  await messages.record(event, context);
  const { data, timestamp } = event;
  context.logger.info('message_inbound', {
    messageId: data.messageId,
    intent: intentOf(data.text, data.messageType),
    ...(data.channel ? { channel: data.channel } : {}),
    lagMs: Date.now() - timestamp,
  });
};

/**
 * What a message is about.
 *
 * @param text the message's text, absent for media and reactions
 * @param messageType Zavu's type of it, absent in the guide's generation of events
 */
export function intentOf(text: string | null | undefined, messageType: string | null | undefined): string {
  if (messageType && messageType !== 'text') return messageType;
  const keyword =
    text
      ?.trim()
      .toLowerCase()
      .replace(/[.!]+$/, '') ?? '';
  return (Object.hasOwn(intents, keyword) ? intents[keyword] : undefined) ?? (keyword ? 'message' : 'empty');
}
