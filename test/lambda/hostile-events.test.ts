import assert from 'node:assert/strict';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSHandler } from 'aws-lambda';
import fc from 'fast-check';
import { createHandlerLogger } from '../../lambda/handlers/logger.ts';
import { recordedTypes } from '../../lambda/messages/recorded-types.ts';
import type { EventType } from '../../lambda/zavu/catalogue.ts';
import { readEnvelope } from '../../lambda/zavu/envelope.ts';
import { parseEvent } from '../../lambda/zavu/event.ts';
import { sample } from '../../lambda/zavu/samples.ts';
import { type Change, changesOf, hostileEvent, pathsOf } from '../fuzz/hostile-events.ts';
import { largeValues, marker } from '../fuzz/hostile-values.ts';
import { judgeItem, judgeLine, receive, work } from '../fuzz/passage.ts';
import { type AwsInMemory, awsInMemory, tables } from '../support/aws-in-memory.ts';
import { modulesOf } from '../support/handler-modules.ts';
import { routes, type WorkerName, workerNames } from '../support/handlers.ts';
import { queueRecord } from '../support/queue-record.ts';

/**
 * What somebody signs may have anything in any field: it goes through the receiver and the worker of its type, with the
 * tests' own handlers, and harms neither them nor the event beside it.
 */
const types = routes.types as readonly EventType[];
const runsOfType = 400;

let aws: AwsInMemory;
const workers = new Map<WorkerName, SQSHandler>();

beforeAll(async () => {
  aws = awsInMemory();
  // Loaded now: their environment is read when they are loaded.
  const { createWorker } = await import('../../lambda/worker/create-worker.ts');
  for (const name of workerNames) {
    process.env.WORKER_NAME = name;
    workers.set(name, createWorker(await modulesOf(name)));
  }
});
afterAll(() => aws.restore());

let count = 0;

/** Takes an event all the way, beside another in its batch. Gives what became of it. */
async function passes(type: EventType, changes: readonly Change[]): Promise<string> {
  aws.clear();
  count++;
  const text = hostileEvent(type, `evt_${count}`, changes);
  const { to, body, attributes, lines } = await receive(text);
  for (const line of lines) judgeLine(line.trimEnd());
  const handler = workers.get(to as WorkerName);
  if (!handler) {
    // Without a type, or with one that no worker handles, an event is for a person.
    expect(['unreadable', 'unknown_type']).toContain(attributes.reason);
    return 'unrouted';
  }
  const own = { id: `evt_beside_${count}`, timestamp: Date.now() };
  const beside = JSON.stringify({ ...JSON.parse(sample(type)), ...own });
  const batch = [queueRecord(body, { attributes }), queueRecord(beside, { messageId: 'message_2' })];
  return (await work(handler, aws, batch)) === 2 ? 'handled' : 'dead-lettered';
}

test.each(types)('%s, with anything in any of its fields', async (type) => {
  const tally: Record<string, number> = {};
  await fc.assert(
    fc.asyncProperty(changesOf(type), async (changes) => {
      const disposition = await passes(type, changes);
      tally[disposition] = (tally[disposition] ?? 0) + 1;
    }),
    { numRuns: runsOfType },
  );
  // Most of them have a type still.
  expect(tally.handled).toBeGreaterThan(runsOfType / 2);
});

test.each(types.filter((type) => recordedTypes.has(type)))(
  '%s: if content is not stored, its item holds no text',
  async (type) => {
    const client = new DynamoDBClient();
    const { createMessages } = await import('../../lambda/messages/store.ts');
    const table = {
      client,
      tableName: tables.messages,
      retentionSeconds: 86_400,
      storeMessageContent: false,
    };
    const messages = createMessages(table);
    const context = {
      logger: createHandlerLogger({}, () => undefined),
      signal: new AbortController().signal,
    };
    let items = 0;
    await fc.assert(
      fc.asyncProperty(changesOf(type), async (all) => {
        // Whose it is and which it is, is kept as it is said.
        const changes = all.filter(({ path }) => path.startsWith('data'));
        aws.clear();
        const read = readEnvelope(hostileEvent(type, 'evt_1', changes), Date.now());
        const event = read && parseEvent(read.event)?.event;
        if (event?.type !== type) return;
        await messages.record(event, context);
        for (const { table, item } of aws.put) {
          judgeItem(table, item);
          assert.ok(!JSON.stringify(item).includes(marker), `An item shows a text: ${JSON.stringify(item)}`);
        }
        items += aws.put.length;
      }),
      { numRuns: 500 },
    );
    // A broadcast's event has two fields, and without either it leaves no item.
    expect(items).toBeGreaterThan(100);
  },
);

describe.each(largeValues)('%s', (value) => {
  test.each<EventType>(['message.inbound', 'message.failed', 'template.status_changed', 'call.completed'])(
    'in each field of %s',
    async (type) => {
      for (const path of pathsOf(type).filter((each) => each !== 'type')) {
        expect({ path, disposition: await passes(type, [{ path, by: { value } }]) }).toEqual({
          path,
          disposition: 'handled',
        });
      }
    },
  );
});
