/**
 * The word that a person may have meant.
 *
 * @returns the one with the fewest characters to change; undefined if that is more than half of them
 */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const [best] = words
    .map((known) => ({ known, changes: changesBetween(word, known) }))
    .filter(({ known, changes }) => changes <= known.length / 2)
    .sort((a, b) => a.changes - b.changes);
  return best?.known;
}

/** How many characters to add, to leave out or to replace, to make one word of another. */
function changesBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [line, character] of [...from].entries()) {
    let left = line + 1;
    const next = [left];
    for (const [column, other] of [...to].entries()) {
      const [above = 0, diagonal = 0] = [row[column + 1], row[column]];
      left = Math.min(left + 1, above + 1, diagonal + (character === other ? 0 : 1));
      next.push(left);
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
