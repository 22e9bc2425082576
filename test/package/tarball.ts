import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';

/** The folder of this run, outside the repository, in which users have theirs. */
export const folder = process.env.PACKAGE_FOLDER ?? '';

/** What was packed, as users install it. */
export const tarball = process.env.PACKAGE_TARBALL ?? '';

/** The same, unpacked; beside it are the repository's dependencies. */
export const unpacked = join(folder, 'packed/package');

/** The files of the package, with slashes on every system. */
export function packedFiles(): string[] {
  return readdirSync(unpacked, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(unpacked.length + 1))
    .map((file) => file.split(sep).join('/'));
}
