import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExportFile } from '../../../cli/dead-letters/export-file.ts';
import { readUnrouted } from '../../../cli/dead-letters/unrouted-events.ts';

const directory = mkdtempSync(join(tmpdir(), 'export-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('a file of messages is ASCII, and has all that they hold', async () => {
  const body = JSON.stringify({
    id: 'evt_\u001b[2J\u009b1m\u202e',
    type: 'ñ',
    timestamp: 1,
    data: { text: 'Señora\u2028' },
  });
  const error = { DataType: 'String', StringValue: 'Error: \u009b2J\u202e' };
  const message = readUnrouted(
    { MessageId: 'm', ReceiptHandle: 'h', Body: body, MessageAttributes: { error } },
    undefined,
  );
  const path = join(directory, 'messages.jsonl');
  const file = await ExportFile.create(path);
  await file.append([message, message], 'Queue');
  await file.close();

  const text = readFileSync(path, 'latin1');
  expect(text).toMatch(/^[\x20-\x7e]+\n[\x20-\x7e]+\n$/);
  const [first = ''] = text.split('\n');
  expect(JSON.parse(first)).toMatchObject({ queue: 'Queue', body, attributes: { error: error.StringValue } });
});
