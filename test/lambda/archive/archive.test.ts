import { type ArchiveParts, createArchive } from '../../../lambda/archive/archive.ts';
import { maxRecordBytes, recordLine } from '../../../lambda/archive/record.ts';
import { createLogger } from '../../../lambda/shared/log.ts';

const event = { id: 'evt_1', type: 'message.inbound', timestamp: 1, data: {} };
const never = AbortSignal.timeout(60_000);
const hang = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

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

/** As large as makes its record this long. */
function textOf(bytes: number): string {
  return 'x'.repeat(bytes - recordLine(event, '', 0).length);
}

test('puts what was signed', async () => {
  const { keep, put, lines } = archive();
  await keep(event, ' {"text":"ñ"}', never);
  expect(put).toEqual([recordLine(event, ' {"text":"ñ"}', 0)]);
  expect(lines).toEqual([]);
});

test.each([
  ['out of reach', async () => Promise.reject(new TypeError('+56912345678'))],
  ['silent', (_record: string, signal: AbortSignal) => hang(signal)],
])('an archive that is %s is logged, never thrown', async (_case, put) => {
  const { keep, lines, logged } = archive({ put });
  await keep(event, '{"text":"my parcel"}', never);
  expect(logged()).toMatchObject([
    { message: 'archive_failed', reason: 'unavailable', id: 'evt_1', type: 'message.inbound' },
  ]);
  expect(lines.join()).not.toMatch(/parcel|569/);
});

test('the answer’s deadline is its own, too', async () => {
  const { keep, logged } = archive({ put: (_record, signal) => hang(signal), withinMs: 60_000 });
  await keep(event, '{}', AbortSignal.timeout(20));
  expect(logged()).toHaveLength(1);
});

test('what Firehose would not take is not sent, and said', async () => {
  const { keep, put, logged } = archive();
  await keep(event, textOf(maxRecordBytes), never);
  expect(put).toHaveLength(1);
  await keep(event, textOf(maxRecordBytes + 1), never);
  expect(put).toHaveLength(1);
  expect(logged()).toMatchObject([{ message: 'archive_failed', reason: 'record_too_large', id: 'evt_1' }]);
});
