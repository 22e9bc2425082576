import { createWorker } from '../../../lambda/worker/create-worker.ts';
import { obey, witnessed } from '../obedience.ts';

export const handler = witnessed(createWorker('inbound', { 'message.inbound': obey }));
