import fc from 'fast-check';
import { maxRecordBytes, recordLine } from '../../../lambda/archive/record.ts';
import { messageBody } from '../../../lambda/receiver/queue-message.ts';
import { parseRecord } from '../../../tools/archive.ts';

const at = Date.parse('2026-11-25T23:59:59.999Z');
const envelope = { id: 'evt_1', type: 'message.inbound', timestamp: 1, projectId: 'prj_1', data: {} };

/** Texts as a sender may sign them: any spacing, any escapes, anything in a string. */
const signed = fc
  .tuple(fc.json({ stringUnit: 'binary' }), fc.constantFrom('', ' ', '\n', '\r\n\t'))
  .map(([json, space]) => `${space}${json}${space}`);

test('any signed text comes back as it was, and as the same queue message', () => {
  fc.assert(
    fc.property(signed, fc.string({ unit: 'binary' }), (text, id) => {
      const line = recordLine({ ...envelope, id }, text, at);
      // A line for every reader, however it ends lines and whatever it takes for a character.
      expect(line).toMatch(/^[\x20-\x7e]+\n$/);
      const record = parseRecord(line);
      expect(record?.event).toBe(text);
      expect(messageBody(record?.event ?? '')).toBe(messageBody(text));
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
  expect(parseRecord(recordLine(envelope, text, at))).toEqual({
    receivedAt: '2026-11-25T23:59:59.999Z',
    id: 'evt_1',
    type: 'message.inbound',
    projectId: 'prj_1',
    event: text,
  });
});

test('an event without a project has none in the archive', () => {
  expect(parseRecord(recordLine({ ...envelope, projectId: null }, '{}', at))).not.toHaveProperty('projectId');
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
