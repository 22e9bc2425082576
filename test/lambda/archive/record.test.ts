import fc from 'fast-check';
import { parseRecord } from '../../../cli/replay/records.ts';
import { maxRecordBytes, recordLine } from '../../../lambda/archive/record.ts';
import { packEvent, unpackBytes } from '../../../lambda/queued-event/text.ts';

const at = Date.parse('2026-11-25T23:59:59.999Z');
const envelope = { id: 'evt_1', type: 'message.inbound', timestamp: 1, projectId: 'prj_1', data: {} };

/** Texts as a sender may sign them: any spacing, any escapes, anything in a string. */
const signed = fc
  .tuple(fc.json({ stringUnit: 'binary' }), fc.constantFrom('', ' ', '\n', '\r\n\t'))
  .map(([json, space]) => `${space}${json}${space}`);

test('any signed text comes back as it was, and as the same queue message', () => {
  fc.assert(
    fc.property(signed, fc.string({ unit: 'binary' }), (text, id) => {
      const signed = Buffer.from(text);
      const line = recordLine({ ...envelope, id }, signed, at) ?? '';
      // A line for every reader, however it ends lines and whatever it takes for a character.
      expect(line).toMatch(/^[\x20-\x7e]+\n$/);
      const record = parseRecord(line);
      expect(record?.event).toBe(signed.toString());
      expect(record?.encoding).toBeUndefined();
      expect(record?.id).toBe(id);
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  ['raw', '\uffff\ufffe\u2028\u2029\u0085👋ñ\ufeff'],
  ['escaped', '\\uffff\\ud83d\\u2028\\n\\"\\\\'],
  ['half a pair, escaped', '\\ud83d'],
  ['with lines', ' \n\r\n\t'],
])('%s survives', (_case, text) => {
  expect(parseRecord(recordLine(envelope, Buffer.from(text), at) ?? '')).toEqual({
    receivedAt: '2026-11-25T23:59:59.999Z',
    id: 'evt_1',
    type: 'message.inbound',
    projectId: 'prj_1',
    event: text,
  });
});

test('bytes that are no text, and texts too long for a record, come back each byte as it was', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
    fc
      .constantFrom('x'.repeat(2_000_000), 'ñ'.repeat(300_000), '\0'.repeat(400_000))
      .map((text) => Buffer.from(text)),
  );
  const boundTo = [{ sender: 'snd_1' }];
  fc.assert(
    fc.property(bytes, (signed) => {
      const line = recordLine({ ...envelope, boundTo }, signed, at) ?? '';
      expect(line.length).toBeLessThanOrEqual(maxRecordBytes);
      const record = parseRecord(line);
      expect(record?.boundTo).toEqual(boundTo);
      expect(unpackBytes(record?.event ?? '', record?.encoding)?.equals(signed)).toBe(true);
    }),
  );
});

describe('compression', () => {
  const compress = jest.spyOn(process.getBuiltinModule('node:zlib'), 'brotliCompressSync');
  beforeEach(() => compress.mockClear());
  afterAll(() => compress.mockRestore());

  test.each([
    ['an event that its queue compressed is not compressed again', '', '', 1],
    ['an event whose byte order mark its queue left out is compressed again', '\ufeff', '', 2],
    ['an event whose bytes are no text is compressed again', '', '\xff', 2],
  ])('%s', (_case, before, end, times) => {
    const text = JSON.stringify({
      id: 'evt_1',
      type: 'message.inbound',
      data: { text: 'hola '.repeat(500_000) },
    });
    const signed = Buffer.concat([Buffer.from(before + text), Buffer.from(end, 'latin1')]);
    const queued = packEvent(signed.toString(), maxRecordBytes);
    const record = parseRecord(recordLine({ ...envelope, queued }, signed, at) ?? '');
    expect(unpackBytes(record?.event ?? '', record?.encoding)?.equals(signed)).toBe(true);
    expect(compress).toHaveBeenCalledTimes(times);
  });
});

test('an event without a project has none in the archive', () => {
  const { projectId: _, ...nobodys } = envelope;
  expect(parseRecord(recordLine(nobodys, Buffer.from('{}'), at) ?? '')).not.toHaveProperty('projectId');
});

test.each(['', '{', '{}', 'null', '{"receivedAt":"yesterday","id":"a","type":"b","event":"c"}'])(
  '%j is no record',
  (line) => {
    expect(parseRecord(line)).toBeUndefined();
  },
);

test('the largest record is 1,000 KiB', () => {
  expect(maxRecordBytes).toBe(1_000 * 1_024);
});
