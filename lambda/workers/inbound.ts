import { messageInbound } from '../handlers/message-inbound.ts';
import { createWorker } from '../worker/create-worker.ts';

/** Messages from customers. */
export const handler = createWorker('inbound', {
  'message.inbound': messageInbound,
});
