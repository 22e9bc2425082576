import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { EventBridgeClientConfig } from '@aws-sdk/client-eventbridge';
import { PermanentFailure } from '../../../lambda/worker/handler.ts';
import { createPublisher } from '../../../lambda/worker/publish.ts';
import { type BusEntry, createEventBus } from '../../../local/event-bus.ts';

const taken: BusEntry[] = [];
const bus = createEventBus((entry) => taken.push(entry));
let client: EventBridgeClientConfig;

beforeAll(async () => {
  bus.listen(0, '127.0.0.1');
  await once(bus, 'listening');
  const { port } = bus.address() as AddressInfo;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = { region: 'us-east-1', endpoint: `http://127.0.0.1:${port}`, credentials, maxAttempts: 1 };
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

async function publish(published: typeof event, body = JSON.stringify(published), signal?: AbortSignal) {
  await createPublisher('Bus', client)(published, body, signal ?? AbortSignal.timeout(5_000));
}

test('the detail is the text as it came, escapes and spaces and all', async () => {
  const body =
    '{ "id":"evt_1","type":"message.inbound","data":{"text":"\\ud83d\\udc4b"},"big":12345678901234567001 }';
  await publish(event, body);
  expect(taken).toEqual([
    {
      EventBusName: 'Bus',
      Source: 'zavu',
      DetailType: 'message.inbound',
      Detail: body,
      Time: 1_705_312_215.999,
    },
  ]);
});

test.each([1e300, -1e300])(
  'an event whose time is none (%d) is published at the time of the bus',
  async (timestamp) => {
    await publish({ ...event, timestamp });
    expect(taken).toHaveLength(1);
    expect(taken[0]).not.toHaveProperty('Time');
  },
);

test('the largest entry passes, and one byte more is a permanent failure that says so', async () => {
  const spaces =
    1_048_575 - 14 - 'zavu'.length - event.type.length - Buffer.byteLength(JSON.stringify(event));
  const body = JSON.stringify(event) + ' '.repeat(spaces);
  await publish(event, body);
  expect(taken).toHaveLength(1);
  await expect(publish(event, `${body} `)).rejects.toThrow(PermanentFailure);
  await expect(publish(event, `${body} `)).rejects.toThrow(
    'EventBridge takes entries smaller than 1048576 bytes, and this event makes one of 1048576.',
  );
  expect(taken).toHaveLength(1);
});

test('what EventBridge refuses of an entry, in an answer of 200, is a failure; for good where the event is at fault', async () => {
  await expect(publish(event, '[]')).rejects.toThrow(
    new PermanentFailure('EventBridge refuses the event: MalformedDetail: Detail is malformed.'),
  );
  await expect(publish({ ...event, type: '' })).rejects.toThrow(PermanentFailure);
});

test('gives up when it is told to', async () => {
  await expect(publish(event, JSON.stringify(event), AbortSignal.abort())).rejects.toThrow('aborted');
  expect(taken).toHaveLength(0);
});
