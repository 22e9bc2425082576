import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix, win32 } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from '../../../lib/functions/bundle.ts';
import { sourceMapsVariable } from '../../../lib/functions/source-maps.ts';
import { framesOf } from '../../../local/failures/frames.ts';
import { SourcePlaces, shownPath } from '../../../local/failures/source-places.ts';
import { npmLayout } from '../../lib/functions/layouts.ts';

jest.unmock('../../../lib/functions/bundle.ts');

const root = realpathSync(mkdtempSync(join(tmpdir(), 'zavu places #1 100% ñ ')));
const maps = join(root, 'maps');
afterAll(() => rmSync(root, { recursive: true }));

const handler = `import { call } from 'library';
import { shared } from '../shared.ts';

export const own = (text: string): never => {
  throw new Error(shared(text));
};
export const byLibrary = (): void => call(() => 1);
`;
const project = {
  files: {
    'package.json': '{"type":"module"}',
    'entry.ts': `import { shared } from './shared.ts';
      export const name = shared('entry');
      export const load = () => import('./handlers/inbound.ts');
      export const loadLibrary = () => import('library');`,
    'shared.ts': "export const shared = (text: string) => 'shared ' + text;",
    'handlers/inbound.ts': handler,
  },
  packages: {
    library: {
      files: {
        'package.json': '{"type":"module","main":"index.js"}',
        'index.js': "export const call = (run) => {\n  throw new Error('in the library');\n};",
      },
    },
  },
};

function bundled(name: string, mapsDirectory?: string) {
  npmLayout(join(root, name), project);
  if (mapsDirectory) process.env[sourceMapsVariable] = mapsDirectory;
  try {
    return bundle(join(root, name, 'entry.ts'));
  } finally {
    delete process.env[sourceMapsVariable];
  }
}

/** The stack of what a function of the handler's module throws, in the bundle, in a process of its own. */
function stackOf(directory: string, expression: string): string {
  const url = JSON.stringify(pathToFileURL(join(directory, 'index.mjs')).href);
  const script = `const { load, loadLibrary } = await import(${url}); const inbound = await load(); const { call } = await loadLibrary();
    try { ${expression} } catch (error) { console.log(error.stack); }`;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', script]).toString();
}

const { code, version } = bundled('mapped', maps);
const entry = join(code.path, 'index.mjs');
const places = new SourcePlaces(maps, join(root, 'mapped'));

test('finds the line and the column of the source, although names of chunks were changed in the bundle', () => {
  const stack = stackOf(code.path, "inbound.own('x')");
  const place = places.find(framesOf(stack), entry);
  expect(place).toMatchObject({ file: 'handlers/inbound.ts', line: 5, column: 9 });
  expect(place?.code).toContain('> 5 |   throw new Error(shared(text));');
  // Behind the names: a chunk has its imports in the line of its code.
  expect(stack).toMatch(/inbound-\d+\.mjs:\d+:\d+/);
});

test('an error of a package is shown at the line that called it, or in the package if none did', () => {
  const called = stackOf(code.path, 'inbound.byLibrary()');
  expect(places.find(framesOf(called), entry)).toMatchObject({ file: 'handlers/inbound.ts', line: 7 });
  const alone = framesOf(stackOf(code.path, 'call()'));
  expect(places.find(alone, entry)).toMatchObject({
    file: 'node_modules/library/index.js',
    line: 2,
    code: [],
  });
  expect(places.findOwn(alone, entry)).toBeUndefined();
});

test('finds it if the bundle is named through a link', () => {
  const link = join(root, 'link');
  symlinkSync(code.path, link);
  const frames = framesOf(stackOf(code.path, "inbound.own('x')"));
  expect(places.find(frames, join(link, 'index.mjs'))).toMatchObject({ line: 5 });
});

test.each([
  ['no maps', new SourcePlaces(undefined)],
  ['maps of another bundle', new SourcePlaces(join(root, 'nowhere'))],
])('gives nothing with %s', (_, without) => {
  expect(without.find(framesOf(stackOf(code.path, "inbound.own('x')")), entry)).toBeUndefined();
});

test('a frame that lies elsewhere has no place, whatever is there', () => {
  const copy = join(root, 'copy');
  cpSync(code.path, copy, { recursive: true });
  expect(places.find(framesOf(stackOf(copy, "inbound.own('x')")), entry)).toBeUndefined();
  const frames = framesOf(
    '    at f (/elsewhere/index.mjs:1:1)\n    at g (node:fs:1:1)\n    at h (http://x/:1:1)',
  );
  expect(places.find(frames, entry)).toBeUndefined();
});

test('a bundle is the same with and without maps', () => {
  const plain = bundled('plain');
  expect(plain.version).toBe(version);
  const filesOf = (directory: string) =>
    readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'utf8')]);
  expect(filesOf(plain.code.path)).toEqual(filesOf(code.path));
  expect(filesOf(code.path).join()).not.toContain('sourceMappingURL');
});

test.each([
  [posix, '/my app', '/my app/lambda/a #1.ts', 'lambda/a #1.ts'],
  [posix, '/my app', '/other/a.ts', '/other/a.ts'],
  [posix, '/my app', '/my app/..a/b.ts', '..a/b.ts'],
  [win32, 'C:\\my app', 'c:\\my app\\lambda\\a.ts', 'lambda/a.ts'],
  [win32, 'C:\\my app', 'C:\\other\\a.ts', 'C:/other/a.ts'],
  [win32, 'C:\\my app', 'D:\\my app\\a.ts', 'D:/my app/a.ts'],
])(
  'report 2: a place is shown with slashes, from the folder if it lies there (%#)',
  (path, folder, file, shown) => {
    expect(shownPath(folder, file, path)).toBe(shown);
  },
);
