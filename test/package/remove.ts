import { rmSync } from 'node:fs';

/** Jest's global teardown. */
export default function remove(): void {
  const { PACKAGE_FOLDER: folder } = process.env;
  if (folder) rmSync(folder, { recursive: true, force: true });
}
