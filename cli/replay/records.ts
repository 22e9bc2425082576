import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import * as z from 'zod/mini';
import type { ArchiveRecord } from '../../lambda/archive/record.ts';
import { parseJson } from '../../lambda/shared/json.ts';
import { boundToSchema } from '../shared/bound-to.ts';
import { errorText } from '../shared/error-text.ts';
import type { ArchiveObjects } from './archive-objects.ts';

const recordSchema = z.object({
  receivedAt: z.iso.datetime(),
  id: z.string(),
  type: z.string(),
  projectId: z.optional(z.string()),
  boundTo: z.optional(boundToSchema),
  encoding: z.optional(z.enum(['base64', 'brotli_base64'])),
  event: z.string(),
});

/** Reads a line of the archive; undefined if it is no record. */
export function parseRecord(line: string): ArchiveRecord | undefined {
  const { success, data } = recordSchema.safeParse(parseJson(line));
  return success ? data : undefined;
}

/**
 * The records of an object, one after the other; undefined for a line that is no record.
 *
 * @throws Error naming an object that cannot be read
 */
export async function* readRecords(
  archive: ArchiveObjects,
  key: string,
): AsyncGenerator<ArchiveRecord | undefined> {
  // What ends the first ends the second, which the loop sees.
  const content = pipeline(await archive.read(key), createGunzip(), () => undefined);
  let begun = '';
  try {
    for await (const chunk of content.setEncoding('utf8')) {
      const lines = (begun + chunk).split('\n');
      begun = lines.pop() ?? '';
      for (const line of lines) yield parseRecord(line);
    }
  } catch (error) {
    throw new Error(`${key} cannot be read: ${errorText(error)}`, {
      cause: error,
    });
  }
  if (begun) yield parseRecord(begun);
}
