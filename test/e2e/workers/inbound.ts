import { createWorker } from '../../../lambda/worker/create-worker.ts';
import { obey } from '../obedience.ts';

export const handler = createWorker('inbound', { 'message.inbound': obey });
