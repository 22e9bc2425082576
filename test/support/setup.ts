import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const prefix = 'zavu-webhooks-tests-';

/**
 * Jest's global setup: what all processes of a run share.
 *
 * What the tests write for a while lies in one directory, which the teardown removes: CDK leaves an assembly
 * behind for each app. What Node has compiled once, every process that a test starts takes from there (compile-cache.ts).
 */
export default function setUp(): void {
  const directory = mkdtempSync(join(tmpdir(), prefix));
  // Windows reads the other two.
  Object.assign(process.env, { TMPDIR: directory, TEMP: directory, TMP: directory });
  const compiled = join(directory, 'compiled');
  mkdirSync(compiled);
  process.env.TESTS_COMPILE_CACHE = compiled;
  // CDK judges every template that it writes, for a second each: test/lib/rules.test.ts lets it, for all settings.
  process.env.CDK_VALIDATION = 'false';
}
