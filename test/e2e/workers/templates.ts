import { createWorker } from '../../../lambda/worker/create-worker.ts';
import { obey } from '../obedience.ts';

export const handler = createWorker('templates', { 'template.approved': obey, 'template.rejected': obey });
