import { mkdirSync, mkdtempSync, realpathSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import remove from './remove.ts';
import { asUser } from './user.ts';

const root = join(import.meta.dirname, '../..');

/**
 * Jest's global setup: packs what is published, once for all test files, into a folder outside the repository. The
 * users' folders lie beside it.
 */
export default async function pack(): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'zavu-package-')));
  // Jest calls no teardown if this fails.
  process.env.PACKAGE_FOLDER = folder;
  process.once('exit', remove);
  const packed = join(folder, 'packed');
  mkdirSync(packed);
  const { stdout } = await asUser(root, 'npm', 'pack', '--json', `--pack-destination=${packed}`);
  const [{ filename = '' } = {}]: { filename?: string }[] = JSON.parse(stdout.slice(stdout.indexOf('[')));
  // A name of its own for what was packed: package managers keep what they have seen under a name.
  process.env.PACKAGE_TARBALL = join(packed, filename);
  await asUser(packed, 'tar', 'xzf', filename);
  // For `init`, which npx would install with all this once more, and keep in its cache.
  symlinkSync(join(root, 'node_modules'), join(packed, 'node_modules'), 'junction');
}
