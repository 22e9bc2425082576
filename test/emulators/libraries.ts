import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const pom = readFileSync(join(import.meta.dirname, 'pom.xml'));

/** Where the libraries of `pom.xml` lie once they are fetched: another place for each version of that file. */
export const librariesDirectory = join(
  import.meta.dirname,
  '../../node_modules/.cache/second-emulators',
  createHash('sha256').update(pom).digest('hex').slice(0, 12),
);
