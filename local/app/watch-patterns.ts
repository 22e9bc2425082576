import ownPath from 'node:path';
import type { AppConfiguration } from './configuration.ts';

type Patterns = AppConfiguration['watch'];

/**
 * Whether a change of a file counts.
 *
 * @param file its path from the folder of the app
 * @param path how the system writes paths
 */
export function isWatched(file: string, { include, exclude }: Patterns, path = ownPath): boolean {
  const segments = file.split(path.sep);
  const matches = (pattern: string) =>
    matchesGlob(segments, pattern) || matchesGlob(segments, `${pattern}/**`);
  return !isForeign(segments) && include.some(matches) && !exclude.some(matches);
}

/**
 * Whether a directory may hold files that are watched.
 *
 * @param directory its path from the folder of the app
 * @param path how the system writes paths
 */
export function mayHold(directory: string, { include, exclude }: Patterns, path = ownPath): boolean {
  if (directory === '') return true;
  const segments = directory.split(path.sep);
  if (isForeign(segments) || exclude.some((pattern) => matchesGlob(segments, pattern))) return false;
  // The rest of a pattern is left to the files.
  return include.some((pattern) =>
    matchesGlob(segments.slice(0, 1), withoutDot(pattern).split('/')[0] ?? ''),
  );
}

/** Patterns have slashes on Windows, too. */
function matchesGlob(segments: readonly string[], pattern: string): boolean {
  return ownPath.posix.matchesGlob(segments.join('/'), withoutDot(pattern));
}

function withoutDot(pattern: string): string {
  return pattern.replace(/^\.\//, '');
}

function isForeign(segments: readonly string[]): boolean {
  return segments.some((segment) => segment.startsWith('.') || ['node_modules', 'cdk.out'].includes(segment));
}
