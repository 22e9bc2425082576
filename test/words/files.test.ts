import { join } from 'node:path';
import { textFiles } from './files.ts';

const found = textFiles(join(import.meta.dirname, '../..')).map(({ file }) => file);

test.each([
  '.ci/run',
  '.editorconfig',
  'LICENSE',
  'README.md',
  'biome.json',
  'tsconfig.json',
  'bench/cold-process.mjs',
  'docs/event-lifecycle.svg',
  'docs/decisions/0001-powertools-for-once-only.md',
  'lambda/shared/log.ts',
  'test/emulators/Emulators.java',
  'test/emulators/pom.xml',
  'test/cfn-lint/requirements.txt',
])('%s is read', (file) => {
  expect(found).toContain(file);
});

test('what others made is not read, and the list of retired words is not', () => {
  const foreign = /node_modules|^\.git\/|package-lock|results\.json|^lambda\/zavu\/samples\/|^test\/words\//;
  expect(found.filter((file) => foreign.test(file))).toEqual([]);
});
