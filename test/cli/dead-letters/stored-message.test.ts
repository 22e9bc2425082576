import { brotliCompressSync } from 'node:zlib';
import type { Message } from '@aws-sdk/client-sqs';
import { errorClass, messageSummary, readStoredMessage } from '../../../cli/dead-letters/stored-message.ts';
import { packBytes, packEvent } from '../../../lambda/queued-event/text.ts';
import { idOfBytes } from '../../../lambda/zavu/envelope.ts';

const event = {
  id: 'evt_1',
  type: 'message.inbound',
  timestamp: 1,
  projectId: 'prj_1',
  data: { text: 'Where is my parcel?', from: '+56912345678' },
};

const read = (received: Message) =>
  readStoredMessage(received, { workerFor: () => 'inbound', reasonIfMissing: 'moved_by_sqs' });

function message(attributes: Record<string, string>, body: string = JSON.stringify(event)) {
  return {
    MessageId: 'msg-1',
    ReceiptHandle: 'handle',
    Body: body,
    Attributes: { SentTimestamp: String(Date.UTC(2026, 0, 31)) },
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    ),
  };
}

test('a dead letter is read with its attributes, and with its project as its group', () => {
  const attributes = {
    reason: 'attempts_exhausted',
    error: 'TypeError: cannot text +56912345678',
    place: 'message-inbound-3.mjs:2:55',
    attempts: '5',
    codeVersion: '0123456789ab',
    failedAt: '2026-01-30T10:00:00.000Z',
  };
  const stored = read(message(attributes));
  expect(stored).toMatchObject({
    ...attributes,
    error: 'TypeError',
    id: 'evt_1',
    redriven: { group: 'prj_1' },
    attributes,
  });
  expect(JSON.stringify(messageSummary(stored))).not.toMatch(/parcel|56912345678/);
});

test('one without attributes failed when SQS took it, and was moved by SQS', () => {
  expect(read(message({}))).toMatchObject({
    reason: 'moved_by_sqs',
    error: 'none',
    place: '',
    attempts: '',
    failedAt: '2026-01-31T00:00:00.000Z',
    sentAt: '2026-01-31T00:00:00.000Z',
  });
  expect(read(message({ place: 'none' })).place).toBe('');
  expect(read(message({ place: 'a text of +56912345678' })).place).toBe('');
  expect(read(message({ failedAt: 'yesterday' })).failedAt).toBe('2026-01-31T00:00:00.000Z');
});

test.each(['', 'not JSON', '{"id":"evt_1"}', '[]', 'null'])(
  'a body that is no event, %j, is known by its bytes, as the receiver logs it',
  (body) => {
    expect(read(message({}, body))).toMatchObject({
      id: idOfBytes(Buffer.from(body)),
      type: 'unreadable',
      redriven: { group: 'none' },
      body,
      signed: { text: body },
      event: undefined,
    });
  },
);

describe('a body', () => {
  const large = { id: 'evt_1', type: 'message.inbound', data: { text: 'hola '.repeat(100) } };

  test('is read by its encoding', () => {
    const packed = packEvent(JSON.stringify(large), 200);
    expect(packed?.encoding).toBe('brotli_base64');
    expect(read(message({ encoding: packed?.encoding ?? '' }, packed?.body))).toMatchObject({
      id: 'evt_1',
      type: 'message.inbound',
      body: packed?.body,
      signed: { text: JSON.stringify(large) },
      redriven: { body: packed?.body, attributes: { encoding: 'brotli_base64' } },
    });
  });

  test.each(['base64', 'brotli_base64'])('of bytes that are no text is kept as they are: %s', (encoding) => {
    const bytes = Buffer.from([0xff, 0x00, 0x7b, 0x9b]);
    const packed = packBytes(bytes, 100);
    const given = encoding === 'base64' ? packed?.body : brotliCompressSync(bytes).toString('base64');
    expect(read(message({ encoding }, given))).toMatchObject({
      id: idOfBytes(bytes),
      type: 'unreadable',
      signed: { base64: bytes.toString('base64') },
    });
  });

  test('whose encoding a later version made, or that is not what it says, is known by its message', () => {
    for (const encoding of ['later', 'brotli_base64']) {
      expect(read(message({ encoding }, 'e30='))).toMatchObject({
        id: 'msg-1',
        type: 'unreadable',
        signed: undefined,
        body: 'e30=',
        redriven: { body: 'e30=', attributes: { encoding } },
      });
    }
  });
});

describe('to a worker', () => {
  const receivedAt = String(Date.UTC(2026, 0, 30));
  const timely = { ...event, timestamp: Date.UTC(2026, 0, 29) };

  test('an event goes without the time of receipt if it has a time of its own', () => {
    const attributes = { reason: 'unknown_type', boundTo: '[]', receivedAt };
    expect(read(message(attributes, JSON.stringify(timely))).redriven.attributes).toEqual({
      resent: 'redrive',
    });
  });

  test.each([
    ['keeps it', { receivedAt }, receivedAt],
    ['has that of its message, if an earlier version unrouted it', {}, String(Date.UTC(2026, 0, 31))],
    [
      'has that of its message, if it has none that is a number',
      { receivedAt: 'x' },
      String(Date.UTC(2026, 0, 31)),
    ],
  ])('one without %s', (_case, attributes, expected) => {
    const stored = read(message({ ...attributes, replay: 'r1', attempts: '5' }));
    expect(stored.redriven.attributes).toEqual({ replay: 'r1', receivedAt: expected, resent: 'redrive' });
    expect(stored.event?.timestamp).toBe(Number(expected));
  });
});

test.each([
  [undefined, undefined],
  ['[{"sender":"snd_1"},{"project":"prj_1"}]', [{ sender: 'snd_1' }, { project: 'prj_1' }]],
  // Nothing is proved by what cannot be read.
  ['{', []],
  ['[{"sender":1}]', []],
])('bound to %j', (boundTo, expected) => {
  expect(read(message(boundTo ? { boundTo } : {})).boundTo).toEqual(expected);
});

test.each([
  ['Error: Cannot reach +56912345678', 'Error'],
  ['PermanentFailure: x: y', 'PermanentFailure'],
  ['none', 'none'],
  [undefined, 'none'],
  // Not an Error: all of it may be what a customer wrote.
  ['Cannot reach +56912345678', 'unnamed'],
  ['Maria', 'unnamed'],
  ['+56912345678: no answer', 'unnamed'],
])('the class of %j is %s', (attribute, expected) => {
  expect(errorClass(attribute)).toBe(expected);
});
