import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from './entry.ts';

/** A bundle that a synthesis has made, for whoever makes it again. */
export interface BundleRecord {
  entry: Entry;
  digest: string;
  /** Absolute paths of the files that it is made of. */
  inputs: readonly string[];
}

/** The directory that records are written into; if it is not set, none are written. The local run sets it. */
export const recordsVariable = 'ZAVU_BUNDLE_RECORDS';

/** Writes a record, if somebody wants it. */
export function recordBundle(record: BundleRecord): void {
  const directory = process.env[recordsVariable];
  if (!directory) return;
  mkdirSync(directory, { recursive: true });
  // By its entry, because two entries may give the same bundle.
  const name = createHash('sha256').update(JSON.stringify(record.entry)).digest('hex');
  writeFileSync(join(directory, `${name}.json`), JSON.stringify(record));
}

/** The records of a directory; none if there is no directory. */
export function readBundleRecords(directory: string): BundleRecord[] {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    return [];
  }
  return names.map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')));
}
