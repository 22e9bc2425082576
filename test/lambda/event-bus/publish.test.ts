import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { EventBridgeClientConfig } from '@aws-sdk/client-eventbridge';
import { createPublisher } from '../../../lambda/event-bus/publish.ts';
import { type PublishedEvent, publishedEventOf } from '../../../lambda/event-bus/published-event.ts';
import { PermanentFailure } from '../../../lambda/handlers/handler.ts';
import { type BusEntry, createEventBus } from '../../../local/aws/event-bridge/event-bus.ts';
import { anyCredentials } from '../../support/credentials.ts';

const taken: BusEntry[] = [];
const bus = createEventBus((entry) => taken.push(entry));
let client: EventBridgeClientConfig;

beforeAll(async () => {
  bus.listen(0, '127.0.0.1');
  await once(bus, 'listening');
  const { port } = bus.address() as AddressInfo;
  client = {
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: anyCredentials,
    maxAttempts: 1,
  };
});
afterEach(() => {
  taken.length = 0;
});
afterAll(async () => {
  bus.closeAllConnections();
  await new Promise((resolve) => bus.close(resolve));
});

const event = {
  id: 'evt_1',
  type: 'message.inbound',
  timestamp: 1_705_312_215_999,
  data: { text: '\u{1F44B}' },
};

async function publish(entry: Partial<PublishedEvent>, signal?: AbortSignal) {
  await createPublisher('Bus', client)(
    { ...publishedEventOf(event), ...entry },
    signal ?? AbortSignal.timeout(5_000),
  );
}

/** What is published of a text. */
const entryOfText = (text: string) => publishedEventOf(JSON.parse(text));

test('the detail is the event as handlers read it, and no text that another parser could read otherwise', async () => {
  const text = String.raw`{ "id":"evt_1","senderId":"snd_other","type":"message.odd","type":"message.inbound","timestamp":1705312215999,
    "senderId":"snd_1","data":{"text":"\ud83d\udc4b \ud83d","far":1e400,"__proto__":{"a":1}},"big":12345678901234567001 }`;
  await publish(entryOfText(text));
  const Detail = taken[0]?.Detail ?? '';
  expect(taken).toEqual([
    {
      EventBusName: 'Bus',
      Source: 'zavu',
      DetailType: 'message.inbound',
      Detail,
      Time: 1_705_312_215.999,
    },
  ]);
  // Each key once.
  expect(Detail).toBe(
    `{"id":"evt_1","senderId":"snd_1","type":"message.inbound","timestamp":1705312215999,` +
      `"data":{"text":"\u{1F44B} ${String.raw`\ud83d`}","far":null,"__proto__":{"a":1}},"big":12345678901234567000}`,
  );
});

test('what is nested too deeply to be written is a permanent failure that says so', async () => {
  const nested = (depth: number) =>
    entryOfText(JSON.stringify(event).replace(/}$/, `,"deep":${'['.repeat(depth)}${']'.repeat(depth)}}`));
  const deepest = nested(250_000);
  await expect(publish(deepest)).rejects.toThrow(
    new PermanentFailure('The event is nested too deeply to be written as JSON for EventBridge.'),
  );
  expect(taken).toHaveLength(0);
  await publish(nested(500));
  expect(taken).toHaveLength(1);
});

test('the largest entry passes, and one byte more is a permanent failure that says so', async () => {
  const filled = (characters: number) =>
    publishedEventOf({ ...event, data: { text: 'x'.repeat(characters) } });
  const room =
    1_048_575 - 14 - Buffer.byteLength(`zavu${event.type}`) - Buffer.byteLength(filled(0).detail ?? '');
  await publish(filled(room));
  expect(taken).toHaveLength(1);
  await expect(publish(filled(room + 1))).rejects.toThrow(PermanentFailure);
  await expect(publish(filled(room + 1))).rejects.toThrow(
    'EventBridge takes entries smaller than 1048576 bytes, and this event makes one of 1048576.',
  );
  expect(taken).toHaveLength(1);
});

test('what EventBridge refuses of an entry, in an answer of 200, is a failure, which is permanent if the event is at fault', async () => {
  await expect(publish({ detail: '[]' })).rejects.toThrow(
    new PermanentFailure('EventBridge refuses the event: MalformedDetail: Detail is malformed.'),
  );
  await expect(publish({ type: '' })).rejects.toThrow(PermanentFailure);
});

test('gives up when it is told to', async () => {
  await expect(publish({}, AbortSignal.abort())).rejects.toThrow('aborted');
  expect(taken).toHaveLength(0);
});
