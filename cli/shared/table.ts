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
}

/**
 * A table as every command prints it: plain columns, with neither a frame nor colours, so that it can be copied and
 * searched. Texts from outside must be `printable` before.
 *
 * @param head the titles of the columns
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { align = [], widths = [] }: TableOptions = {},
): string {
  const plain = new Table({
    head: [...head],
    chars: Object.fromEntries(frame.map((part) => [part, ''])),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
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
