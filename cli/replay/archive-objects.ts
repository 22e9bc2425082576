import { createReadStream, existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { Deployment } from '../shared/deployment.ts';

/** The objects of an archive: a bucket of a stage, or a directory of the local run. */
export interface ArchiveObjects {
  /** Keys that begin with a prefix, in their order. */
  list(prefix: string): Promise<string[]>;
  read(key: string): Promise<Readable>;
}

/**
 * Opens the archive of a deployment.
 *
 * @throws Error if it has none
 */
export function openArchive(deployment: Omit<Deployment, 'alarmPrefix'>): ArchiveObjects {
  const { ArchiveBucketName: bucket } = deployment.outputs;
  if (!bucket) {
    throw new Error(`${deployment.name} has no archive. Switch it on: -c archive=true.`);
  }
  const { archiveDirectory } = deployment;
  return archiveDirectory ? files(archiveDirectory) : objects(new S3Client(deployment.client('s3')), bucket);
}

/** Objects of a bucket. */
function objects(s3: S3Client, Bucket: string): ArchiveObjects {
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
function files(directory: string): ArchiveObjects {
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
