import { createReadStream, existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';
import { partitionPrefixes } from '../../lambda/archive/layout.ts';
import type { ArchiveRecord } from '../../lambda/archive/record.ts';
import { parseJson } from '../../lambda/shared/json.ts';
import type { Envelope } from '../../lambda/zavu/envelope.ts';
import { boundToSchema } from '../shared/bound-to.ts';
import type { Deployment } from '../shared/deployment.ts';

/** Where the archive's objects lie: a bucket of a stage, or a directory of the local stack. */
export interface Objects {
  /** Keys that begin with a prefix, in their order. */
  list(prefix: string): Promise<string[]>;
  read(key: string): Promise<Readable>;
}

/**
 * Opens the archive of a deployment.
 *
 * @throws Error where it has none
 */
export function openArchive(deployment: Omit<Deployment, 'alarmPrefix'>): Objects {
  const { ArchiveBucketName: bucket } = deployment.outputs;
  if (!bucket) {
    throw new Error(`${deployment.name} has no archive. Switch it on: -c archive=true.`);
  }
  const { archiveDirectory } = deployment;
  return archiveDirectory ? files(archiveDirectory) : objects(new S3Client(deployment.client('s3')), bucket);
}

/** Objects of a bucket. */
function objects(s3: S3Client, Bucket: string): Objects {
  return {
    async list(Prefix) {
      const keys: string[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await s3.send(
          new ListObjectsV2Command({ Bucket, Prefix, ...(ContinuationToken ? { ContinuationToken } : {}) }),
        );
        keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken);
      return keys;
    },
    async read(Key) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      if (!(Body instanceof Readable)) throw new Error(`${Key} has no content.`);
      return Body;
    },
  };
}

/** Files of a directory. */
function files(directory: string): Objects {
  return {
    async list(prefix) {
      const folder = join(directory, prefix);
      if (!existsSync(folder)) return [];
      return globSync('**/*.gz', { cwd: folder })
        .sort()
        .map((name) => `${prefix}${name}`);
    },
    read: async (key) => createReadStream(join(directory, key)),
  };
}

/** Which events. */
export interface Selection {
  /** Received at or after this, and before that, in milliseconds since the epoch. */
  from: number;
  to: number;
  /** All types, or all ids, where there are none. */
  types: readonly string[];
  ids: readonly string[];
}

const dayMs = 86_400_000;

/** The keys of the objects that may hold selected events, a day after the other. */
export async function selectKeys(archive: Objects, { from, to, types }: Selection): Promise<string[]> {
  const keys: string[] = [];
  for (let day = Math.floor(from / dayMs) * dayMs; day < to; day += dayMs) {
    const name = new Date(day).toISOString().slice(0, 10);
    const prefixes =
      types.length === 0 ? partitionPrefixes(name) : types.flatMap((type) => partitionPrefixes(name, type));
    for (const prefix of new Set(prefixes)) keys.push(...(await archive.list(prefix)));
  }
  return keys;
}

const recordSchema = z.object({
  receivedAt: z.iso.datetime(),
  id: z.string(),
  type: z.string(),
  projectId: z.optional(z.string()),
  boundTo: z.optional(boundToSchema),
  encoding: z.optional(z.enum(['base64', 'brotli_base64'])),
  event: z.string(),
});

/** Reads a line of the archive. Undefined where it is none. */
export function parseRecord(line: string): ArchiveRecord | undefined {
  const { success, data } = recordSchema.safeParse(parseJson(line));
  return success ? data : undefined;
}

/**
 * The records of an object, one after the other; undefined for a line that is none.
 *
 * @throws Error naming an object that cannot be read
 */
export async function* readRecords(archive: Objects, key: string): AsyncGenerator<ArchiveRecord | undefined> {
  // What ends the first ends the second, which the loop sees.
  const content = pipeline(await archive.read(key), createGunzip(), () => undefined);
  let rest = '';
  try {
    for await (const chunk of content.setEncoding('utf8')) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield parseRecord(line);
    }
  } catch (error) {
    throw new Error(`${key} cannot be read: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
  if (rest) yield parseRecord(rest);
}

/**
 * Whether a record is selected.
 *
 * @param event as this code reads it, which may be another than when it came; undefined where it reads none
 */
export function isSelected(
  record: Pick<ArchiveRecord, 'receivedAt' | 'type' | 'id'>,
  { from, to, types, ids }: Selection,
  event: Pick<Envelope, 'id' | 'type'> | undefined,
): boolean {
  const at = Date.parse(record.receivedAt);
  const { type } = event ?? record;
  return (
    at >= from &&
    at < to &&
    (types.length === 0 || types.includes(type)) &&
    // The log of that time knows it by the record's.
    (ids.length === 0 || ids.includes(record.id) || (event !== undefined && ids.includes(event.id)))
  );
}
