import { brotliCompressSync } from 'node:zlib';
import { errorClass, factsOf, readLetter } from '../../../cli/dead-letters/stored-message.ts';
import { packBytes, packEvent } from '../../../lambda/queued-event/text.ts';
import { idOfBytes } from '../../../lambda/zavu/envelope.ts';

const event = {
  id: 'evt_1',
  type: 'message.inbound',
  timestamp: 1,
  projectId: 'prj_1',
  data: { text: 'Where is my parcel?', from: '+56912345678' },
};

function message(labels: Record<string, string>, body: string = JSON.stringify(event)) {
  return {
    MessageId: 'msg-1',
    ReceiptHandle: 'handle',
    Body: body,
    Attributes: { SentTimestamp: String(Date.UTC(2026, 0, 31)) },
    MessageAttributes: Object.fromEntries(
      Object.entries(labels).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    ),
  };
}

test('a dead letter is read with its labels, and with its project as its group', () => {
  const labels = {
    reason: 'attempts_exhausted',
    error: 'TypeError: cannot text +56912345678',
    attempts: '5',
    codeVersion: '0123456789ab',
    failedAt: '2026-01-30T10:00:00.000Z',
  };
  const letter = readLetter(message(labels));
  expect(letter).toMatchObject({ ...labels, error: 'TypeError', id: 'evt_1', group: 'prj_1', labels });
  expect(JSON.stringify(factsOf(letter))).not.toMatch(/parcel|56912345678/);
});

test('one without labels failed when SQS took it, for no known reason', () => {
  expect(readLetter(message({}))).toMatchObject({
    reason: 'none',
    error: 'none',
    attempts: '',
    failedAt: '2026-01-31T00:00:00.000Z',
    sentAt: '2026-01-31T00:00:00.000Z',
  });
  expect(readLetter(message({ failedAt: 'yesterday' })).failedAt).toBe('2026-01-31T00:00:00.000Z');
});

test.each(['', 'not JSON', '{"id":"evt_1"}', '[]', 'null'])(
  'a body that is no event, %j, is known by its bytes, as the receiver logs it',
  (body) => {
    expect(readLetter(message({}, body))).toMatchObject({
      id: idOfBytes(Buffer.from(body)),
      type: 'unreadable',
      group: 'none',
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
    expect(readLetter(message({ encoding: packed?.encoding ?? '' }, packed?.body))).toMatchObject({
      id: 'evt_1',
      type: 'message.inbound',
      body: packed?.body,
      signed: { text: JSON.stringify(large) },
      lasting: { encoding: 'brotli_base64' },
    });
  });

  test.each(['base64', 'brotli_base64'])('of bytes that are no text is kept as they are: %s', (encoding) => {
    const bytes = Buffer.from([0xff, 0x00, 0x7b, 0x9b]);
    const packed = packBytes(bytes, 100);
    const given = encoding === 'base64' ? packed?.body : brotliCompressSync(bytes).toString('base64');
    expect(readLetter(message({ encoding }, given))).toMatchObject({
      id: idOfBytes(bytes),
      type: 'unreadable',
      signed: { base64: bytes.toString('base64') },
    });
  });

  test('whose encoding a later version made, or that is not what it says, is known by its message', () => {
    for (const encoding of ['later', 'brotli_base64']) {
      expect(readLetter(message({ encoding }, 'e30='))).toMatchObject({
        id: 'msg-1',
        type: 'unreadable',
        signed: undefined,
        body: 'e30=',
        lasting: { encoding },
      });
    }
  });
});

describe('to a worker', () => {
  const receivedAt = String(Date.UTC(2026, 0, 30));
  const timely = { ...event, timestamp: Date.UTC(2026, 0, 29) };

  test('an event goes without the time of receipt where it has a time of its own', () => {
    const labels = { reason: 'unknown_type', boundTo: '[]', receivedAt };
    expect(readLetter(message(labels, JSON.stringify(timely))).lasting).toEqual({});
  });

  test.each([
    ['keeps it', { receivedAt }, receivedAt],
    ['has that of its message, where an earlier version unrouted it', {}, String(Date.UTC(2026, 0, 31))],
    [
      'has that of its message, where it has none that is a number',
      { receivedAt: 'x' },
      String(Date.UTC(2026, 0, 31)),
    ],
  ])('one without %s', (_case, labels, expected) => {
    const letter = readLetter(message({ ...labels, replay: 'r1', attempts: '5' }));
    expect(letter.lasting).toEqual({ replay: 'r1', receivedAt: expected });
    expect(letter.event?.timestamp).toBe(Number(expected));
  });
});

test.each([
  [undefined, undefined],
  ['[{"sender":"snd_1"},{"project":"prj_1"}]', [{ sender: 'snd_1' }, { project: 'prj_1' }]],
  // Nothing is proved by what cannot be read.
  ['{', []],
  ['[{"sender":1}]', []],
])('bound to %j', (boundTo, expected) => {
  expect(readLetter(message(boundTo ? { boundTo } : {})).boundTo).toEqual(expected);
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
])('the class of %j is %s', (label, expected) => {
  expect(errorClass(label)).toBe(expected);
});
