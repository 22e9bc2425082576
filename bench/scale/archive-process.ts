import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { constants, gzipSync } from 'node:zlib';
import { recordLine } from '../../lambda/archive/record.ts';
import { inboundBody } from '../webhook.ts';
import { type ArchiveSize, keysOf, type ObjectKey, objectOf } from './archive-layout.ts';

/**
 * Stands for S3, in a process of its own: it lists pages of an archive, and makes each object when it is read, so that
 * an archive of ten million events takes no room. It knows as much of S3 as a replay needs.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
const pageSize = 1_000;
let size: ArchiveSize = { events: 0, days: [] };

const idLength = 'evt_'.length + 20;
const event = { ...JSON.parse(inboundBody()), id: 'i'.repeat(idLength) };
const template = recordLine(event, Buffer.from(JSON.stringify(event)), Date.now()) ?? '';

function list(query: URLSearchParams): string {
  const prefix = query.get('prefix') ?? '';
  const start = Number(query.get('continuation-token') ?? 0);
  const keys = keysOf(size, prefix);
  const page = keys.slice(start, start + pageSize);
  const isTruncated = start + pageSize < keys.length;
  const next = isTruncated ? `<NextContinuationToken>${start + pageSize}</NextContinuationToken>` : '';
  const contents = page.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><IsTruncated>${isTruncated}</IsTruncated>${next}${contents}</ListBucketResult>`;
}

function object({ day, first, count }: ObjectKey): Buffer {
  const receivedAt = `${day}T12:00:00.000Z`;
  const lines = Array.from({ length: count }, (_, index) =>
    template
      .replaceAll(event.id, `evt_${String(first + index).padStart(20, '0')}`)
      .replace(/"receivedAt":"[^"]+"/, `"receivedAt":"${receivedAt}"`),
  );
  return gzipSync(lines.join(''), { level: constants.Z_BEST_SPEED });
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (searchParams.has('list-type')) {
    response.writeHead(200, { 'content-type': 'application/xml' }).end(list(searchParams));
    return;
  }
  const key = objectOf(size, decodeURIComponent(pathname));
  if (key) response.writeHead(200).end(object(key));
  else response.writeHead(404).end();
});
server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on('message', (message: ArchiveSize) => {
  size = message;
  process.send?.('ready');
});
process.on('disconnect', () => process.exit());
