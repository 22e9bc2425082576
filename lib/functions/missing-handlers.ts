import { resolve } from 'node:path';
import type { BuildFailure, Message } from 'esbuild';

/** What esbuild says if a file has other exports, and if it has none, which is only a warning. */
const sentences = [
  /^No matching export in "(?<file>.+)" for import "handlers"$/,
  /^Import "handlers" will always be undefined because the file "(?<file>.+)" has no exports$/,
];

/**
 * Tells a user whose file lacks the export `handlers` what to write, in place of esbuild's words about an entry that
 * the user has never seen.
 *
 * @param messages esbuild's errors or warnings
 * @param entry path of the generated entry, if there is one: what other files import is not ours to explain
 * @throws the sentence, if a message says that the entry found no `handlers`
 */
export function refuseMissingHandlers(messages: readonly Message[], entry: string | undefined): void {
  const file = messages
    .filter(({ location }) => location && resolve(location.file) === entry)
    .flatMap(({ text }) => sentences.map((sentence) => sentence.exec(text)?.groups?.file))
    .find(Boolean);
  if (!file) return;
  throw new Error(
    `${file} exports no \`handlers\`: write \`export const handlers = defineHandlers(import.meta.url, {...})\``,
  );
}

export function isBuildFailure(error: unknown): error is BuildFailure {
  // Not by its class: a test's sandbox has another `Error` than what esbuild throws.
  return typeof error === 'object' && error !== null && 'errors' in error && Array.isArray(error.errors);
}
