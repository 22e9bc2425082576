import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type ArchiveObjects, openArchive } from '../../../cli/replay/archive-objects.ts';
import { readRecords } from '../../../cli/replay/records.ts';
import { replay } from '../../../cli/replay/replay.ts';
import { isSelected, type Selection, selectFolders } from '../../../cli/replay/selection.ts';
import { Emulators } from '../../emulators/emulators.ts';
import { anyCredentials } from '../../support/credentials.ts';
import { routes } from '../../support/handlers.ts';

const at = (time: string) => Date.parse(time);
const all: Selection = { from: at('2026-11-24T12:00:00Z'), to: at('2026-11-26'), types: [], ids: [] };
const record = { receivedAt: '2026-11-24T12:00:00.000Z', id: 'evt_1', type: 'message.sent', event: '{}' };

/** An archive with these objects, each with these lines. */
function archive(objects: Record<string, string[]>) {
  const archiveDirectory = mkdtempSync(join(tmpdir(), 'zavu-archive-'));
  for (const [key, lines] of Object.entries(objects)) {
    const file = join(archiveDirectory, key);
    mkdirSync(dirname(file), { recursive: true });
    // Firehose's objects are one member or several.
    writeFileSync(file, Buffer.concat(lines.map((line) => gzipSync(line))));
  }
  return openArchive({
    name: 'x',
    outputs: { ArchiveBucketName: 'bucket' },
    archiveDirectory,
    client: () => ({}),
  });
}

async function selectedKeys(objects: ArchiveObjects, selection: Selection): Promise<string[]> {
  const keys: string[] = [];
  for await (const folder of selectFolders(objects, selection)) keys.push(...folder.keys);
  return keys;
}

test('reads the folders of the days and types, and no others', async () => {
  const keys = [
    'events/day=2026-11-23/event_type=message.sent/a.gz',
    'events/day=2026-11-24/event_type=message.sent/a.gz',
    'events/day=2026-11-25/event_type=call.failed/b.gz',
    'events/day=2026-11-25/event_type=message.sent/a.gz',
    'events/day=2026-11-25/event_type=other/c.gz',
    'events/day=2026-11-26/event_type=message.sent/a.gz',
    'errors/x/2026-11-25/a.gz',
  ];
  const objects = archive(Object.fromEntries(keys.map((key) => [key, []])));
  expect(await selectedKeys(objects, all)).toEqual(keys.slice(1, 5));
  // What came before the catalogue knew a type lies among the others.
  expect(await selectedKeys(objects, { ...all, types: ['message.sent'] })).toEqual([
    keys[1],
    keys[3],
    keys[4],
  ]);
  expect(await selectedKeys(objects, { ...all, types: ['message.odd', 'message.odder'] })).toEqual([keys[4]]);
});

test('lists a folder when its turn comes, and not the folders of a long span at once', async () => {
  const listed: string[] = [];
  const objects = {
    list: async (prefix: string) => [`${listed.push(prefix)}.gz`],
    read: () => Promise.reject(new Error('Nothing is read.')),
  };
  const year = selectFolders(objects, { ...all, from: at('2026-01-01'), to: at('2027-01-01') });
  expect((await year.next()).value).toEqual({ prefix: 'events/day=2026-01-01/', keys: ['1.gz'] });
  expect(listed).toHaveLength(1);
});

test('a replay that is cut short lists no more folders, even if all of them are empty', async () => {
  const interruption = new AbortController();
  let listed = 0;
  const objects = {
    async list() {
      listed++;
      if (listed === 3) interruption.abort();
      return [];
    },
    read: () => Promise.reject(new Error('Nothing is read.')),
  };
  const month = { ...all, to: at('2026-12-24') };
  await replay(objects, month, routes, undefined, interruption.signal);
  expect(listed).toBe(3);
});

test('reads an object line by line, wherever its pieces end', async () => {
  const line = JSON.stringify(record);
  const key = 'events/a.gz';
  const objects = archive({ [key]: [line.slice(0, 9), line.slice(9), `\n${line}\n{}\n`, line] });
  const records: unknown[] = [];
  for await (const each of readRecords(objects, key)) records.push(each);
  expect(records).toEqual([record, record, undefined, record]);
});

test.each([
  [{}, true],
  [{ receivedAt: '2026-11-24T11:59:59.999Z' }, false],
  [{ receivedAt: '2026-11-25T23:59:59.999Z' }, true],
  [{ receivedAt: '2026-11-26T00:00:00.000Z' }, false],
])('%j received from --from on and before --to: %s', (given, selected) => {
  expect(isSelected({ ...record, ...given }, all, undefined)).toBe(selected);
});

test('types and ids are what they are', () => {
  expect(isSelected(record, { ...all, types: ['message.sent', 'x'], ids: ['evt_1'] }, undefined)).toBe(true);
  expect(isSelected(record, { ...all, types: ['message.read'] }, undefined)).toBe(false);
  expect(isSelected(record, { ...all, ids: ['evt_2'] }, undefined)).toBe(false);
});

test('an event is of the type that it is read as now, and known by its ids of then and now', () => {
  const then = { ...record, id: 'sha256:1', type: 'unreadable' };
  const now = { id: 'evt_1', type: 'message.inbound' };
  expect(isSelected(then, { ...all, types: ['message.inbound'] }, now)).toBe(true);
  expect(isSelected(then, { ...all, types: ['unreadable'] }, now)).toBe(false);
  expect(isSelected(then, { ...all, types: ['unreadable'] }, undefined)).toBe(true);
  expect(isSelected(then, { ...all, ids: ['evt_1'] }, now)).toBe(true);
  expect(isSelected(then, { ...all, ids: ['sha256:1'] }, now)).toBe(true);
  expect(isSelected(then, { ...all, ids: ['evt_1'] }, undefined)).toBe(false);
});

test('a deployment without an archive is told how to have one', () => {
  const deployment = { name: 'ZavuWebhooks-dev', outputs: {}, client: () => ({}) };
  expect(() => openArchive(deployment)).toThrow(
    'ZavuWebhooks-dev has no archive. Switch it on: -c archive=true.',
  );
});

describe('a bucket', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await Emulators.start();
  });
  afterAll(async () => {
    await emulators.stop();
  });

  test('is read as a directory is, however many objects it has', async () => {
    const settings = {
      // fauxqs, the emulator of SQS, has S3 too.
      endpoint: emulators.endpoints.sqs,
      region: 'us-east-1',
      credentials: anyCredentials,
      forcePathStyle: true,
    };
    const s3 = new S3Client(settings);
    await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }));
    const folder = 'events/day=2026-11-25/event_type=message.sent/';
    // S3 lists a thousand at once.
    const keys = Array.from({ length: 1_001 }, (_, index) => `${folder}${String(index).padStart(4, '0')}.gz`);
    const Body = gzipSync(`${JSON.stringify(record)}\n`);
    for (const Key of ['errors/a.gz', ...keys])
      await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key, Body }));
    s3.destroy();

    const objects = openArchive({
      name: 'ZavuWebhooks-dev',
      outputs: { ArchiveBucketName: 'bucket' },
      client: () => settings,
    });
    expect(await selectedKeys(objects, all)).toEqual(keys);
    const records: unknown[] = [];
    for await (const each of readRecords(objects, keys.at(-1) ?? '')) records.push(each);
    expect(records).toEqual([record]);
  });
});
