import { createHash } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context, SQSEvent } from 'aws-lambda';
import { createRecords } from '../../../lambda/idempotency/lookup.ts';
import { reconciledAttribute } from '../../../lambda/queued-event/attributes.ts';
import { createWorker } from '../../../lambda/worker/create-worker.ts';
import { claimSubjectsVariable } from '../../../lambda/worker/env.ts';
import { type AwsInMemory, awsInMemory, tables } from '../../support/aws-in-memory.ts';
import { queueRecord } from '../../support/queue-record.ts';

const before = { ...process.env };
let aws: AwsInMemory;
beforeAll(() => {
  aws = awsInMemory();
});
afterEach(() => {
  delete process.env[claimSubjectsVariable];
  aws.clear();
});
afterAll(() => {
  aws.restore();
  process.env = before;
});

test('a worker tells a local run which function handles which event type', () => {
  const told: unknown[] = [];
  subscribe('zavu:handlers', (handlers) => told.push(handlers));
  const handlers = { 'message.inbound': async () => undefined };
  createWorker(handlers);
  expect(told).toEqual([handlers]);
});

const body = JSON.stringify({
  id: 'reconciled:message:m:delivered',
  type: 'message.delivered',
  timestamp: Date.now(),
  data: { messageId: 'm', to: '+1', channel: 'sms', status: 'delivered' },
});

test.each([true, false])('a worker claims subjects if its environment says so: %s', async (isSet) => {
  if (isSet) process.env[claimSubjectsVariable] = 'true';
  const worker = createWorker({ 'message.delivered': async () => undefined });
  const Records = [queueRecord(body, { attributes: { [reconciledAttribute]: '1' } })];
  const context = { getRemainingTimeInMillis: () => 10_000, functionName: 'worker' } as Context;
  expect(await worker({ Records } as SQSEvent, context, () => undefined)).toEqual({ batchItemFailures: [] });
  const claims = aws.put.filter(({ table }) => table === tables.claims).map(({ item }) => item.id?.S);
  expect(claims.filter((id) => id?.startsWith('zavu-subject#'))).toEqual(
    isSet ? ['zavu-subject#message#m#delivered#'] : [],
  );
});

test('a record of an event is found by the digest of its key, as earlier versions wrote it', async () => {
  const worker = createWorker({ 'message.delivered': async () => undefined });
  const context = { getRemainingTimeInMillis: () => 10_000, functionName: 'worker' } as Context;
  await worker({ Records: [queueRecord(body)] } as SQSEvent, context, () => undefined);
  const [claim] = aws.put.filter(({ table }) => table === tables.claims);
  const key = JSON.stringify('reconciled:message:m:delivered');
  expect(claim?.item.id?.S).toBe(`zavu-event#${createHash('sha256').update(key).digest('base64')}`);

  const store = { client: new DynamoDBClient({}), tableName: tables.claims, expirySeconds: 1 };
  const record = createRecords('handling', store)('reconciled:message:m:delivered');
  // The table in memory ignores the update that completes it.
  await expect(record).resolves.toMatchObject({ idempotencyKey: claim?.item.id?.S });
  await expect(
    createRecords('publication', store)('reconciled:message:m:delivered'),
  ).resolves.toBeUndefined();
});
