import { createWorker } from '../../../lambda/worker/create-worker.ts';
import { obey, witnessed } from '../obedience.ts';

export const handler = witnessed(
  createWorker('delivery', {
    'message.queued': obey,
    'message.sent': obey,
    'message.delivered': obey,
    'message.failed': obey,
  }),
);
