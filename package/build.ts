/**
 * Builds what the package has of the sources into dist/: compiled modules, the types of what is exported, and the files
 * that modules read beside them.
 *
 * @throws Error if a source does not compile
 */

import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

/** TypeScript's own command, without a shell, which Windows would need to find it. */
const typescript = dirname(fileURLToPath(import.meta.resolve('typescript/package.json')));
const { bin }: { bin: { tsc: string } } = JSON.parse(readFileSync(join(typescript, 'package.json'), 'utf8'));

rmSync(dist, { recursive: true, force: true });
for (const project of ['code', 'types']) {
  execFileSync(
    process.execPath,
    [join(typescript, bin.tsc), '--project', join(import.meta.dirname, `tsconfig.${project}.json`)],
    { stdio: 'inherit' },
  );
}
const data = globSync('{lib,lambda,local,cli,testing}/**/*.{json,mjs}', { cwd: root });
for (const file of data) cpSync(join(root, file), join(dist, file));

// The durations that `cost` calculates with, without what else was measured.
const results = 'bench/results.json';
const { durations }: { durations: object } = JSON.parse(readFileSync(join(root, results), 'utf8'));
mkdirSync(join(dist, 'bench'), { recursive: true });
writeFileSync(join(dist, results), JSON.stringify({ durations }));
