import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The repository's folder, from which documents are named. */
export const root = join(import.meta.dirname, '../..');

/** The text of a document: `docs/contract.md`. */
export function readPage(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/**
 * The tables of a document, in their order.
 *
 * @returns for each its rows, the head first, without the line below it; a row is its cells
 */
function tablesOf(text: string): string[][][] {
  return [...text.matchAll(/(?:^\|.*\|\n)+/gm)].map(([table]) =>
    table
      .trimEnd()
      .split('\n')
      .filter((_, index) => index !== 1)
      .map((line) =>
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      ),
  );
}

/** The rows of the table whose head begins with these cells. */
export function rowsUnder(text: string, ...head: string[]): string[][] {
  const table = tablesOf(text).find(([cells = []]) => head.every((cell, index) => cells[index] === cell));
  if (!table) throw new Error(`There is no table with the head ${head.join(' | ')}.`);
  return table.slice(1);
}
