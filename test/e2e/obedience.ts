import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { EventType } from '../../lambda/event.ts';
import { type HandlerContext, PermanentFailure } from '../../lambda/worker/handler.ts';

const { LEDGER = '', IDEMPOTENCY_TABLE } = process.env;

/** What the test handlers need of an event: any type of it may carry a text that tells what to do. */
interface Ordered {
  id: string;
  type: EventType;
  data: object;
}

/** A handler that does as its event's text says, and writes every side effect into the ledger. */
export async function obey(
  { id, data }: Ordered,
  { attempt, idempotencyKey }: HandlerContext,
): Promise<void> {
  const text = 'text' in data ? data.text : '';
  if (text === 'throw') throw new Error('Cannot reach +56912345678');
  if (text === 'refuse') throw new PermanentFailure('No such customer: +56912345678');
  if (text === 'trespass') await new DynamoDBClient().send(new ScanCommand({ TableName: IDEMPOTENCY_TABLE }));
  if (text === 'hang') await new Promise(() => setInterval(() => undefined, 1000));
  if (text === 'die once' && attempt === 1) process.kill(process.pid, 'SIGKILL');
  if (text === 'slow') await sleep(300);
  appendFileSync(LEDGER, `${JSON.stringify({ id, attempt, idempotencyKey, text })}\n`);
  if (text === 'linger') await sleep(500);
}
