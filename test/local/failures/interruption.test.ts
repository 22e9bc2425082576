import { interruptionOf } from '../../../local/failures/interruption.ts';
import { SourcePlaces } from '../../../local/failures/source-places.ts';
import { toRecord } from '../../../local/runtime/event-sources/record.ts';

const places = new SourcePlaces(undefined);
const entry = '/tmp/asset/index.mjs';

const record = (body: string) =>
  toRecord({ MessageId: 'm', Body: body }, 'arn:aws:sqs:us-east-1:000000000000:Q');
const event = (id: string) => record(JSON.stringify({ id, type: 'message.inbound', timestamp: 1, data: {} }));
const end = {
  reason: 'timed out after 30 s',
  event: { Records: [event('evt_1'), event('evt_2'), event('evt_3'), record('no event')] },
  printed: [
    '{"message":"event","outcome":"handled","id":"evt_1"}',
    '{"message":"any","id":"evt_2"}',
    'evt_2',
    '{"message":"event","outcome":"retried","id":"evt_3"}',
  ],
  seen: undefined,
  paused: undefined,
  durationMs: 30_000,
};

test('names the events that no line has told the outcome of, and when they come back', () => {
  expect(interruptionOf(end, { places, module: entry, visibilityTimeoutSeconds: 180 })).toEqual({
    reason: 'timed out after 30 s',
    events: [{ id: 'evt_2', type: 'message.inbound' }],
    backInSeconds: 150,
    uncaught: undefined,
    isRejection: false,
    place: undefined,
    isWaiting: false,
  });
});

test.each([[{}], [{ Records: 'none' }], [undefined], ['text']])(
  'names none of %j, which is no batch, and no time if there is no queue',
  (other) => {
    const { events, backInSeconds } = interruptionOf(
      { ...end, event: other },
      { places, module: entry, visibilityTimeoutSeconds: undefined },
    );
    expect({ events, backInSeconds }).toEqual({ events: [], backInSeconds: undefined });
  },
);

test('says that a function waited if it was asked and ran no code, and not if it could not be asked', () => {
  const surroundings = { places, module: entry, visibilityTimeoutSeconds: 180 };
  const inNode = { functionName: 'listOnTimeout', url: 'node:internal/timers', line: 1, column: 1 };
  expect(interruptionOf({ ...end, paused: [] }, surroundings).isWaiting).toBe(true);
  expect(interruptionOf({ ...end, paused: [inNode] }, surroundings).isWaiting).toBe(true);
  expect(interruptionOf(end, surroundings).isWaiting).toBe(false);
  // Without source maps its place is not known, but it did run.
  const inBundle = { functionName: 'spin', url: 'file:///tmp/asset/index.mjs', line: 1, column: 1 };
  expect(interruptionOf({ ...end, paused: [inBundle] }, surroundings).isWaiting).toBe(false);
});
