import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What a bundle's directory holds, in bytes: as it is deployed, and packed by gzip, file by file. */
export function bundleSize(directory: string): { deployed: number; packed: number } {
  const files = readdirSync(directory).map((file) => readFileSync(join(directory, file)));
  return { deployed: lengthOf(files), packed: lengthOf(files.map((file) => gzipSync(file, { level: 9 }))) };
}

/** The bytes of several files together. */
export function lengthOf(files: readonly Buffer[]): number {
  return files.reduce((sum, { length }) => sum + length, 0);
}
