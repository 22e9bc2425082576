import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** The package's own folder, of the sources and of what is compiled alike. */
const ownFolder = dirname(createRequire(import.meta.filename).resolve('zavu-webhooks/package.json'));

/**
 * Where a page of the docs is, for texts that a person reads in a terminal. In an app it is the page of the version that
 * the app has installed.
 *
 * @param name such as `senders.md`. The package takes along those that package.json names in `files`
 * @param folder that the path is read from
 * @returns a path from that folder, or a whole one if the page is not in it
 */
export function docsPage(name: string, folder = process.cwd()): string {
  const page = join(ownFolder, 'docs', name);
  const path = relative(folder, page);
  return path.startsWith('..') ? page : path;
}
