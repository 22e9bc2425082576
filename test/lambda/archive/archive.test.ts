import { type ArchiveParts, createArchive } from '../../../lambda/archive/archive.ts';
import { maxRecordBytes, recordLine } from '../../../lambda/archive/record.ts';
import { createLogger } from '../../../lambda/shared/log.ts';
import { noise } from '../../../testing/conformance/noise.ts';

const event = { id: 'evt_1', type: 'message.inbound', timestamp: 1, data: {} };
const inAMinute = 60_000;

function archive(parts: Partial<ArchiveParts> = {}) {
  const put: string[] = [];
  const lines: string[] = [];
  const keep = createArchive({
    put: async (record) => void put.push(record),
    withinMs: 20,
    now: () => 0,
    log: createLogger({}, (line) => lines.push(line)),
    ...parts,
  });
  return { keep, put, logged: () => lines.map((line) => JSON.parse(line)), lines };
}

const bytes = (text: string) => Buffer.from(text);

test('puts what was signed', async () => {
  const { keep, put, lines } = archive();
  await keep(event, bytes(' {"text":"ñ"}'), inAMinute);
  expect(put).toEqual([recordLine(event, bytes(' {"text":"ñ"}'), 0)]);
  expect(lines).toEqual([]);
});

test('an archive that is unavailable is logged, and nothing is thrown', async () => {
  const { keep, lines, logged } = archive({
    put: async () => Promise.reject(new TypeError('+56912345678')),
  });
  await keep(event, bytes('{"text":"my parcel"}'), inAMinute);
  expect(logged()).toMatchObject([
    { message: 'archive_failed', reason: 'unavailable', id: 'evt_1', type: 'message.inbound' },
  ]);
  expect(lines.join()).not.toMatch(/parcel|56912345678/);
});

test('it is tried for its own time, and never past the answer’s deadline', async () => {
  const deadlines: number[] = [];
  const put = async (_record: string, deadline: number) => void deadlines.push(deadline);
  const { keep } = archive({ put, withinMs: 1_500, now: () => 10_000 });
  await keep(event, bytes('{}'), 13_500);
  await keep(event, bytes('{}'), 10_700);
  expect(deadlines).toEqual([11_500, 10_700]);
});

test('what Firehose would not take is not sent, and said', async () => {
  const { keep, put, logged } = archive();
  await keep(event, bytes('x'.repeat(2 * maxRecordBytes)), inAMinute);
  expect(put).toHaveLength(1);
  await keep(event, noise(1, maxRecordBytes), inAMinute);
  expect(put).toHaveLength(1);
  expect(logged()).toMatchObject([{ message: 'archive_failed', reason: 'record_too_large', id: 'evt_1' }]);
});
