/** How many lines stand above and below the one that is meant. */
const around = 2;
/** The longest line that is shown; a longer one is cut around its column. */
const maxLine = 160;

/**
 * The lines of a source around a place, with their numbers and a mark below the column. Control characters and marks
 * that turn a text round are replaced: they could move the cursor of a terminal.
 *
 * @param line from 1
 * @param column from 1
 * @returns nothing if the source has no such line
 */
export function codeFrame(source: string, line: number, column: number): string[] {
  const lines = source.split(/\r\n|\r|\n/);
  if (!(line >= 1 && line <= lines.length)) return [];
  const first = Math.max(1, line - around);
  const last = Math.min(lines.length, line + around);
  const width = String(last).length;
  const cut = Math.max(0, column - 1 - maxLine / 2);
  const rows: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = visible((lines[number - 1] ?? '').slice(cut, cut + maxLine));
    const mark = number === line ? '>' : ' ';
    rows.push(`${mark} ${String(number).padStart(width)} | ${text}`.trimEnd());
    if (number === line) rows.push(`  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, column - 1 - cut))}^`);
  }
  return rows;
}

function visible(text: string): string {
  return text.replaceAll('\t', ' ').replace(/\p{C}/gu, '?');
}
