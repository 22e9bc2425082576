import type { Handler } from '../handler.ts';

/**
 * Logs nothing, because the worker's own line says all that there is to say: the event's type, its message and its outcome.
 *
 * - `message.queued`: Zavu took a message. The first of the events that share its `messageId`.
 * - `message.sent`: the message left for its carrier. Zavu promises no order: this may follow `message.delivered`.
 * - `message.delivered`: the message reached the customer's device.
 * - `message.read`: the customer read it. Only WhatsApp reports it.
 * - `message.status`: a contact's WhatsApp story. Despite its name, this type says nothing about a message that you sent.
 */
export const handler: Handler<
  'message.queued' | 'message.sent' | 'message.delivered' | 'message.read' | 'message.status'
> = async () => undefined;
