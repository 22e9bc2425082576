import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { prefix } from './temporary-files.ts';

/** Jest's global teardown: removes the directory of the setup, and no other. */
export default function removeTemporaryFiles(): void {
  const directory = tmpdir();
  if (basename(directory).startsWith(prefix)) rmSync(directory, { recursive: true });
}
