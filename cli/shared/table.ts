import Table from 'cli-table3';

const frame = [
  ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
  ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
];

interface TableOptions {
  /** How each column stands. @default all of them 'left' */
  align?: readonly ('left' | 'right')[];
  /** How wide a column is at the most; longer cells go on in the next line. @default as wide as the longest cell */
  widths?: readonly (number | null)[];
  /** How wide a line may be. @default as wide as the terminal; without one, as wide as the cells need */
  columns?: number | undefined;
}

/** The blanks between two columns. */
const gap = 2;

/**
 * A table as every command prints it: plain columns, with neither a frame nor colours, so that it can be copied and
 * searched. Texts from outside must be `printable` before.
 *
 * On a narrow terminal, cells of several words go on in the next line. No word is cut, because it may be an id to copy:
 * if the words do not fit beside each other, each row becomes lines of a title and its cell.
 *
 * @param head the titles of the columns; none of a table that has its titles in the first column
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { align = [], widths = [], columns = process.stdout.columns }: TableOptions = {},
): string {
  const lines = head.length > 0 ? [head, ...rows] : rows;
  const wanted = columnsOf(lines).map((cells, index) =>
    Math.min(longest(cells), widths[index] ?? Number.POSITIVE_INFINITY),
  );
  // Commands of a script read whole lines. Some terminals, such as a serial one, say that they have 0 columns.
  if (!columns || lineWidth(wanted) <= columns) return plainTable(head, rows, align, widths);
  const least = columnsOf(lines).map((cells) => longest(cells.flatMap((cell) => cell.split(/\s+/))));
  if (lineWidth(least) <= columns)
    return plainTable(head, rows, align, withGaps(narrowed(wanted, least, columns)));
  return head.length > 0 ? recordsText(head, rows) : plainTable(head, rows, align, widths);
}

/** Takes from the widest column that can give, one character after the other, until a line fits. */
function narrowed(wanted: readonly number[], least: readonly number[], columns: number): number[] {
  const result = wanted.map((width, index) => Math.max(width, least[index] ?? 0));
  while (lineWidth(result) > columns) {
    const room = result.map((width, index) => (width > (least[index] ?? 0) ? width : 0));
    const widest = room.indexOf(Math.max(...room));
    result[widest] = (result[widest] ?? 0) - 1;
  }
  return result;
}

/** Rows below each other, for a terminal that is too narrow for columns. */
function recordsText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const width = longest(head);
  const records = rows.map((row) =>
    head
      .flatMap((title, index) => (row[index] ? [`${title.padEnd(width + gap)}${row[index]}`] : []))
      .join('\n'),
  );
  return records.join('\n\n');
}

function plainTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly ('left' | 'right')[],
  widths: readonly (number | null)[],
): string {
  const plain = new Table({
    head: [...head],
    chars: Object.fromEntries(frame.map((part) => [part, ''])),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap },
    colAligns: [...align],
    colWidths: [...widths],
    wordWrap: true,
  });
  for (const row of rows) plain.push([...row]);
  return plain
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** The cells of each column. */
function columnsOf(lines: readonly (readonly string[])[]): string[][] {
  const count = lines.reduce((most, line) => Math.max(most, line.length), 0);
  return Array.from({ length: count }, (_, index) => lines.map((line) => line[index] ?? ''));
}

function longest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, text.length), 0);
}

/** How wide a line of columns is. The last of them has no gap behind it. */
function lineWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + gap, -gap);
}

/** Widths as cli-table3 takes them, with the gaps. */
function withGaps(widths: readonly number[]): number[] {
  return widths.map((width) => width + gap);
}
