import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { findRetired } from './find.ts';

/** Where retired words are looked for, from the root. */
const roots = [
  'bin',
  'lib',
  'lambda',
  'cli',
  'local',
  'test',
  'bench',
  'docs',
  '.ci',
  'README.md',
  'CONTRIBUTING.md',
  'package.json',
  'cdk.json',
];

/** What is not ours to word. */
const foreign = /(?:^|\/)(?:node_modules|cdk\.out|package-lock\.json|results\.json|samples)(?:\/|$)/;
/** What has to name the words: this list, the decision about it, and what a user of an older version reads or is told. */
const naming =
  /^test\/words\/|^docs\/decisions\/0028-rooms-and-words\.md$|^docs\/upgrading\.md$|^(?:test\/)?lib\/settings\/retired\./;
const read = /\.(?:ts|mjs|js|md|json|html|css|svg)$/;

const root = join(import.meta.dirname, '../..');

/** The files at or under a path, from the root, with slashes on every system. */
function filesOf(path: string): string[] {
  const name = relative(root, path).replaceAll(sep, '/');
  if (foreign.test(name) || naming.test(name)) return [];
  if (statSync(path).isDirectory()) return readdirSync(path).flatMap((entry) => filesOf(join(path, entry)));
  return read.test(name) ? [name] : [];
}

const lines = roots
  .flatMap((each) => filesOf(join(root, each)))
  .flatMap((file) =>
    findRetired(file, readFileSync(join(root, file), 'utf8')).map(
      ({ line, text, say }) => `${file}:${line}: "${text.replace(/\s+/g, ' ')}". Say: ${say}.`,
    ),
  );
if (lines.length > 0) {
  console.error(`${lines.join('\n')}\n\n${lines.length} retired words. test/words/retired.ts has the list.`);
  process.exitCode = 1;
}
