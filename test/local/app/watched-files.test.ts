import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { watchedFiles } from '../../../local/app/watched-files.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'zavu-watched-')));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string) => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '{}');
  return path;
};

test('what the app loads and bundles are made of is watched, and what says how that is compiled', () => {
  const input = file('app/lambda/handler.ts');
  const linked = file('packages/shared/src/index.ts');
  const loaded = file('app/bin/app.ts');
  const settings = [
    file('app/package.json'),
    file('app/lambda/tsconfig.json'),
    file('packages/shared/package.json'),
    file('tsconfig.base.json'),
  ];
  const others = [file('app/node_modules/x/index.js'), file('app/cdk.out/x.json'), devNull];
  const gone = join(folder, 'app/gone.ts');
  file('app/other.json');
  const link = join(folder, 'app/link.ts');
  symlinkSync(loaded, link);
  const found = watchedFiles({
    bundles: [{ entry: input, digest: '', inputs: [input, linked] }],
    loaded: new Set([link, gone, ...others]),
  });
  expect(found.filter((path) => path.startsWith(folder)).sort()).toEqual(
    [input, linked, link, loaded, gone, ...settings].sort(),
  );
  expect(found).not.toContain(devNull);
});

test('without a record, the files of bundles are watched', () => {
  const input = file('alone/handler.ts');
  expect(
    watchedFiles({ bundles: [{ entry: input, digest: '', inputs: [input] }], loaded: undefined }),
  ).toContain(input);
});
