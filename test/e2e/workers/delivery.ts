import { createWorker } from '../../../lambda/worker/create-worker.ts';
import { obey } from '../obedience.ts';

export const handler = createWorker('delivery', {
  'message.queued': obey,
  'message.sent': obey,
  'message.delivered': obey,
  'message.failed': obey,
});
