/** How many characters must be added, left out or replaced to make one text of the other (Levenshtein). */
export function editDistance(text: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, character] of [...text].entries()) {
    const next = [index + 1];
    for (const [column, against] of [...other].entries()) {
      const [above = 0, diagonal = 0, left = 0] = [row[column + 1], row[column], next[column]];
      next.push(Math.min(above + 1, left + 1, diagonal + (character === against ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
