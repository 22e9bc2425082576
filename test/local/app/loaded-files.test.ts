import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLoadedFiles, recordingVariables } from '../../../local/app/loaded-files.ts';

// A name that would mean something else in a URL (report 2).
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'zavu loaded#%20-')));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string) => {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
};

test('report 2: what an app loads and reads is recorded, in folders of any name', () => {
  const app = file(
    'app.mjs',
    `import './module.mjs';
    import { createRequire } from 'node:module';
    import { copyFileSync, readFileSync } from 'node:fs';
    import { open } from 'node:fs/promises';
    const require = createRequire(import.meta.url);
    require('./common.cjs');
    require('aws-cdk-lib');
    readFileSync('data.json');
    copyFileSync('copied.json', 'copy.json');
    readFileSync('assembly-1/manifest.json');
    await (await open('opened.json')).close();
    await import('./lazy.mjs');`,
  );
  const loaded = [
    app,
    file('module.mjs', ''),
    file('common.cjs', ''),
    file('data.json', '{}'),
    file('copied.json', '{}'),
    file('opened.json', '{}'),
    file('lazy.mjs', ''),
    file('node_modules/aws-cdk-lib/index.js', ''),
  ];
  const other = file('other.mjs', '');
  // CDK reads again what it wrote, and a deployment removes it: a change of a source it is not.
  const output = file('assembly-1/manifest.json', '{}');
  const record = join(folder, 'record');
  const env = { ...process.env, NODE_OPTIONS: '' };
  execFileSync(process.execPath, [app], { cwd: folder, env: { ...env, ...recordingVariables(record, env) } });
  const found = readLoadedFiles(record, folder, join(folder, 'assembly-1'));
  expect([...(found ?? [])]).toEqual(expect.arrayContaining(loaded));
  expect(found?.has(other)).toBe(false);
  expect(found?.has(output)).toBe(false);
});

test('without a record, or with that of what only started the app, nothing is known', () => {
  expect(readLoadedFiles(join(folder, 'none'), folder, folder)).toBeUndefined();
  const record = file('wrapper', `${JSON.stringify([join(folder, 'node_modules/npm/index.js')])}\n`);
  expect(readLoadedFiles(record, folder, folder)).toBeUndefined();
});
