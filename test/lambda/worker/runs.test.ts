import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Context, SQSRecord } from 'aws-lambda';
import type { Publish } from '../../../lambda/event-bus/publish.ts';
import { createHandlerLogger } from '../../../lambda/handlers/logger.ts';
import type { IdempotentStep } from '../../../lambda/idempotency/step.ts';
import { createBatchHandler } from '../../../lambda/worker/batch.ts';
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

const step: IdempotentStep = {
  registerContext: () => undefined,
  async runOnce(_key, run) {
    try {
      await run();
      return { outcome: 'done', recorded: true };
    } catch (error) {
      return { outcome: 'failed', error };
    }
  },
};

/** Handles a message whose publication cannot be claimed. */
async function handleUnpublished(
  store: Parameters<typeof createRuns>[0],
  receives: number,
  leftMs = 30_000,
  handle = async () => undefined as unknown,
) {
  const unclaimed: IdempotentStep & { publish: Publish } = {
    registerContext: () => undefined,
    runOnce: async () => ({ outcome: 'unclaimed', error: new Error('no') }),
    publish: async () => undefined,
  };
  const handler = createBatchHandler({
    name: 'inbound',
    handlerOf: () => async () => void (await handle()),
    steps: { handling: step, canary: step, publication: unclaimed },
    messages: undefined,
    subjects: undefined,
    runs: createRuns(store),
    retry: {
      limits: { delaysSeconds: [60], maxReceives: 100, maxAgeSeconds: 100_000, maxPauseSeconds: 100 },
      backOff: async () => undefined,
      deadLetter: async () => undefined,
    },
    log: createHandlerLogger({}, () => undefined),
  });
  const context = { getRemainingTimeInMillis: () => leftMs } as Context;
  return handler({ Records: [record(receives)] }, context, () => undefined);
}

test('an event that is handled and not yet published is none with which the function died', async () => {
  const store = table();
  // All of the batch is unclaimed, and so it is thrown.
  await expect(handleUnpublished(store, 2)).rejects.toThrow('claimed');
  expect(store.calls).toEqual(['GetItemCommand', 'PutItemCommand', 'PutItemCommand']);
  expect((await createRuns(store)(record(3))).before).toEqual({ count: 1, cause: 'none' });
});

test('at its first receive nothing is recorded of it', async () => {
  const store = table();
  await expect(handleUnpublished(store, 1)).rejects.toThrow('claimed');
  expect(store.calls).toEqual([]);
});

test('what was counted when the function had no time left is not run, and uses no attempt', async () => {
  const store = table();
  const { client } = store;
  const slow = {
    async send(command: GetItemCommand | PutItemCommand) {
      const answer = await client.send(command as GetItemCommand);
      if (command.constructor.name === 'PutItemCommand') await sleep(100);
      return answer;
    },
  };
  const handle = jest.fn(async () => undefined);
  await handleUnpublished({ ...store, client: slow as unknown as DynamoDBClient }, 2, 60, handle);
  expect(handle).not.toHaveBeenCalled();
  expect((await createRuns(store)(record(3))).before).toMatchObject({ count: 0 });
});
