import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeFor } from '../../testing/node-binary.ts';

const old = { version: '20.19.0', path: '/usr/bin/node' };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zavu-node-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Puts a package `node` into the folder. */
function install(version: string, bin = 'bin/node', hasBinary = true): string {
  const directory = join(folder, 'node_modules/node');
  mkdirSync(join(directory, 'bin'), { recursive: true });
  writeFileSync(
    join(directory, 'package.json'),
    JSON.stringify({ name: 'node', version, bin: { node: bin } }),
  );
  if (hasBinary) writeFileSync(join(directory, bin), '');
  return join(directory, bin);
}

test('this Node is taken if it is new enough', () => {
  install('24.21.0');
  expect(nodeFor(folder, { version: '24.0.0', path: '/opt/node' })).toBe('/opt/node');
  expect(nodeFor(folder, { version: '26.1.0', path: '/opt/node' })).toBe('/opt/node');
});

test.each(['bin/node', 'bin/node.exe'])('else that of the package `node`: %s', (bin) => {
  const path = install('24.21.0', bin);
  expect(nodeFor(folder, old)).toBe(path);
});

const sentence =
  'The local run needs Node 24, and this is 20.19.0: run the tests by Node 24, ' +
  'or install it beside them with `npm install --save-dev node@24`.';

test.each<[string, () => unknown]>([
  ['none is installed', () => undefined],
  ['the installed one is old, too', () => install('22.1.0')],
  ['its script did not run, so that there is no binary', () => install('24.21.0', 'bin/node', false)],
])('if %s, a sentence says what to do', (_case, prepare) => {
  prepare();
  expect(() => nodeFor(folder, old)).toThrow(sentence);
});
