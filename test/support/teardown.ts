import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { prefix } from './setup.ts';

/** Jest's global teardown: removes the directory of the setup, and no other. */
export default function tearDown(): void {
  const directory = tmpdir();
  if (basename(directory).startsWith(prefix)) rmSync(directory, { recursive: true });
}
