import { extname, join } from 'node:path';

/** Code that a function is bundled from, if it is no file of its own. */
export interface GeneratedEntry {
  /** What esbuild's errors call it: a file's name, below `resolveDirectory`. */
  name: string;
  /** TypeScript that exports `handler`. It may import files by absolute paths, which the bundle does not show. */
  source: string;
  /** Absolute path of the directory that its relative imports and its packages are resolved from. */
  resolveDirectory: string;
}

/** Path of a file, or code, that exports a function's `handler`. */
export type Entry = string | GeneratedEntry;

/** TypeScript in the repository, and JavaScript in the package. */
const extension = extname(import.meta.filename);

/**
 * The path of a file in lambda/.
 *
 * @param name its path there, without extension: `receiver/index`
 */
export function lambdaFile(name: string): string {
  return join(import.meta.dirname, '../../lambda', `${name}${extension}`);
}
