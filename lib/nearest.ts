import { editDistance } from './edit-distance.ts';

/**
 * The word that a person may have meant.
 *
 * @returns the one with the fewest characters to change; undefined if that is more than half of them
 */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const [best] = words
    .map((known) => ({ known, changes: editDistance(word, known) }))
    .filter(({ known, changes }) => changes <= known.length / 2)
    .sort((a, b) => a.changes - b.changes);
  return best?.known;
}
