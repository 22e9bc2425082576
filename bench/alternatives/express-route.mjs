// The route that Zavu's guide gives, with the parts that it recommends: a queue, a check by the event's id, a
// verified signature. BullMQ on Redis, the queue most taken for it; one process, as it is deployed first.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { Queue, Worker } from 'bullmq';
import express from 'express';
import { Redis } from 'ioredis';

const { PORT, REDIS_PORT, LEDGER, ZAVU_WEBHOOK_SECRET } = process.env;
const connection = { host: '127.0.0.1', port: Number(REDIS_PORT), maxRetriesPerRequest: null };
const redis = new Redis(connection);
const queue = new Queue('webhooks', { connection });

/** As Zavu's webhook guide has it, for the scheme of today. */
function verifyWebhook(body, signature) {
  const [, time = '', mac = ''] = /^t=(\d+),v2=([0-9a-f]{64})$/.exec(signature ?? '') ?? [];
  const expected = createHmac('sha256', ZAVU_WEBHOOK_SECRET).update(`${time}.${body}`).digest();
  const given = Buffer.from(mac, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

const app = express();
app.use(express.text({ type: 'application/json' }));
app.post('/webhooks/zavu', (req, res) => {
  if (!verifyWebhook(req.body, req.headers['x-zavu-signature']))
    return res.status(401).send('Invalid signature');
  const job = { attempts: 5, backoff: { type: 'exponential', delay: 1000 }, removeOnComplete: true };
  // Not awaited: so does Zavu's webhook guide.
  queue.add('process-webhook', JSON.parse(req.body), job).catch(console.error);
  res.status(200).send('OK');
});

async function processWebhook(event) {
  if (await redis.get(`webhook:${event.id}`)) return;
  await handleEvent(event);
  await redis.set(`webhook:${event.id}`, '1', 'EX', 86400);
}

/** What the stack's handlers do in the same benchmark: a line in a file, and one in the log. */
async function handleEvent(event) {
  appendFileSync(LEDGER, `${JSON.stringify({ id: event.id })}\n`);
  console.log(
    JSON.stringify({ level: 'INFO', message: 'event', outcome: 'handled', id: event.id, type: event.type }),
  );
}

new Worker('webhooks', ({ data }) => processWebhook(data), { connection, concurrency: 10 });
app.listen(Number(PORT), '127.0.0.1', () => process.send?.('ready'));
