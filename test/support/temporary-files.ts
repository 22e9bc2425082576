import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const prefix = 'zavu-webhooks-tests-';

/**
 * Jest's global setup: all that the tests write for a while lies in one directory, which the teardown removes.
 * CDK leaves an assembly behind for each app.
 */
export default function createTemporaryFiles(): void {
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), prefix));
}
