import type { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Context, SQSRecord } from 'aws-lambda';
import { createLogger } from '../../../lambda/shared/log.ts';
import { createBatchHandler } from '../../../lambda/worker/batch.ts';
import type { Guard } from '../../../lambda/worker/idempotency.ts';
import type { Publish } from '../../../lambda/worker/publish.ts';
import { createRuns } from '../../../lambda/worker/runs.ts';

/** Stands for the table: its items by their keys, and the calls. */
function table() {
  const items = new Map<string, PutItemCommand['input']['Item']>();
  const calls: string[] = [];
  const client = {
    async send(command: GetItemCommand | PutItemCommand) {
      const { input } = command;
      calls.push(command.constructor.name);
      if ('Key' in input) return { Item: items.get(input.Key?.id?.S ?? '') };
      if ('Item' in input) items.set(input.Item?.id?.S ?? '', input.Item);
      return {};
    },
  };
  return {
    client: client as unknown as DynamoDBClient,
    tableName: 'claims',
    expirySeconds: 60,
    items,
    calls,
  };
}

const record = (receives: number) =>
  ({
    messageId: 'm1',
    body: '{"id":"evt_1","type":"message.inbound","data":{}}',
    attributes: { ApproximateReceiveCount: String(receives), SentTimestamp: String(Date.now()) },
    messageAttributes: {},
  }) as unknown as SQSRecord;

const guard: Guard = {
  registerContext: () => undefined,
  async once(_key, step) {
    await step();
    return { outcome: 'done', recorded: true };
  },
};

/** Handles a message whose publication cannot be claimed. */
async function handleUnpublished(memory: ReturnType<typeof table>, receives: number): Promise<void> {
  const unclaimed: Guard & { publish: Publish } = {
    registerContext: () => undefined,
    once: async () => ({ outcome: 'unclaimed', error: new Error('no') }),
    publish: async () => undefined,
  };
  const handler = createBatchHandler({
    name: 'inbound',
    handlerOf: () => async () => undefined,
    handling: guard,
    canary: guard,
    publication: unclaimed,
    runs: createRuns(memory),
    metrics: { count: () => undefined, endToEnd: () => undefined, publish: () => undefined },
    retry: {
      limits: { delaysSeconds: [60], maxReceives: 100, maxAgeSeconds: 100_000, maxPauseSeconds: 100 },
      backOff: async () => undefined,
      setAside: async () => undefined,
    },
    log: createLogger({}, () => undefined),
  });
  const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
  // All of the batch is unclaimed, and so it is thrown.
  await expect(handler({ Records: [record(receives)] }, context, () => undefined)).rejects.toThrow('claimed');
}

test('an event that is handled and not yet published is none with which the function died', async () => {
  const memory = table();
  await handleUnpublished(memory, 2);
  expect(memory.calls).toEqual(['GetItemCommand', 'PutItemCommand', 'PutItemCommand']);
  expect((await createRuns(memory)(record(3))).before).toEqual({ count: 1, cause: 'none' });
});

test('at its first receive nothing is recorded of it', async () => {
  const memory = table();
  await handleUnpublished(memory, 1);
  expect(memory.calls).toEqual([]);
});
