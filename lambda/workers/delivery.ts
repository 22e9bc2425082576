import { messageDelivered } from '../handlers/message-delivered.ts';
import { messageFailed } from '../handlers/message-failed.ts';
import { messageQueued } from '../handlers/message-queued.ts';
import { messageSent } from '../handlers/message-sent.ts';
import { createWorker } from '../worker/create-worker.ts';

/** What became of messages to customers. */
export const handler = createWorker('delivery', {
  'message.queued': messageQueued,
  'message.sent': messageSent,
  'message.delivered': messageDelivered,
  'message.failed': messageFailed,
});
