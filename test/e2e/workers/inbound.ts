import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createWorker } from '../../../lambda/worker/create-worker.ts';
import { PermanentFailure } from '../../../lambda/worker/handler.ts';

const { LEDGER = '' } = process.env;

/** Does as the message's text says, and writes every side effect into the ledger. */
export const handler = createWorker('inbound', {
  'message.inbound': async ({ id, data }, { attempt, idempotencyKey }) => {
    if (data.text === 'throw') throw new Error('Cannot reach +56912345678');
    if (data.text === 'refuse') throw new PermanentFailure('No such customer: +56912345678');
    if (data.text === 'hang') await new Promise(() => setInterval(() => undefined, 1000));
    if (data.text === 'die once' && attempt === 1) process.kill(process.pid, 'SIGKILL');
    if (data.text === 'slow') await sleep(300);
    appendFileSync(LEDGER, `${JSON.stringify({ id, attempt, idempotencyKey, text: data.text })}\n`);
    if (data.text === 'linger') await sleep(500);
  },
});
