import { join } from 'node:path';
import { textFiles } from './files.ts';
import { findRetired } from './find.ts';

// A part of npm run check: fails on each retired word, in every file of the project.
const lines = textFiles(join(import.meta.dirname, '../..')).flatMap(({ file, text }) =>
  findRetired(file, text).map(
    ({ line, text: found, say }) => `${file}:${line}: "${found.replace(/\s+/g, ' ')}". Say: ${say}.`,
  ),
);
if (lines.length > 0) {
  console.error(`${lines.join('\n')}\n\n${lines.length} retired words. test/words/retired.ts has the list.`);
  process.exitCode = 1;
}
