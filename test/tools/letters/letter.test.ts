import { idOfBytes } from '../../../lambda/envelope.ts';
import { packEvent } from '../../../lambda/queued-text.ts';
import { errorClass, factsOf, readLetter } from '../../../tools/letters/letter.ts';

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
      text: body,
    });
  },
);

test('a body is read by its encoding, and one of a later version is known by its message', () => {
  const event = { id: 'evt_1', type: 'message.inbound', data: { text: 'hola '.repeat(100) } };
  const packed = packEvent(JSON.stringify(event), 200);
  expect(readLetter(message({ encoding: packed?.encoding ?? '' }, packed?.body))).toMatchObject({
    id: 'evt_1',
    type: 'message.inbound',
    text: JSON.stringify(event),
  });
  expect(readLetter(message({ encoding: 'later' }, 'e30='))).toMatchObject({
    id: 'msg-1',
    type: 'unreadable',
    text: undefined,
  });
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
