import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfiguration } from '../../../local/app/configuration.ts';

let folder: string;
let home: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zavu-app-'));
  home = mkdtempSync(join(tmpdir(), 'zavu-home-'));
});
afterEach(() => {
  for (const each of [folder, home]) rmSync(each, { recursive: true });
});

const write = (directory: string, name: string, content: object) =>
  writeFileSync(join(directory, name), JSON.stringify(content));

test('-c wins over cdk.json, that over cdk.context.json, and that over .cdk.json of the home', () => {
  write(home, '.cdk.json', { context: { a: 'home', b: 'home', c: 'home', d: 'home' } });
  write(folder, 'cdk.context.json', { a: 'looked up', b: 'looked up', c: 'looked up' });
  write(folder, 'cdk.json', { context: { a: 'project', b: 'project' } });
  expect(readConfiguration(folder, { a: 'option' }, home).context).toEqual({
    a: 'option',
    b: 'project',
    c: 'looked up',
    d: 'home',
  });
});

test('objects are merged, and lists are not', () => {
  write(home, '.cdk.json', { context: { zavu: { stages: { dev: { logs: 1 } }, tags: ['a'] } } });
  write(folder, 'cdk.json', { context: { zavu: { stages: { prod: { logs: 90 } }, tags: ['b'] } } });
  expect(readConfiguration(folder, {}, home).context).toEqual({
    zavu: { stages: { dev: { logs: 1 }, prod: { logs: 90 } }, tags: ['b'] },
  });
});

test('the app is that of cdk.json, or else that of the home, or none', () => {
  expect(readConfiguration(folder, {}, home).app).toBeUndefined();
  write(home, '.cdk.json', { app: 'node home.js' });
  expect(readConfiguration(folder, {}, home).app).toBe('node home.js');
  write(folder, 'cdk.json', { app: 'npx tsx bin/app.ts' });
  expect(readConfiguration(folder, {}, home).app).toBe('npx tsx bin/app.ts');
});

test('without patterns to watch, it watches where apps and handlers are', () => {
  expect(readConfiguration(folder, {}, home).watch).toEqual({
    include: ['bin/**', 'lib/**', 'lambda/**', 'src/**'],
    exclude: [],
  });
  write(folder, 'cdk.json', { watch: { include: 'app/**', exclude: ['**/*.js'] } });
  expect(readConfiguration(folder, {}, home).watch).toEqual({ include: ['app/**'], exclude: ['**/*.js'] });
});

test('report 2: cdk.json may be saved as Windows saves it, with a mark before it and CRLF', () => {
  writeFileSync(join(folder, 'cdk.json'), '\ufeff{\r\n  "app": "node app.js"\r\n}\r\n');
  expect(readConfiguration(folder, {}, home).app).toBe('node app.js');
});

test.each(['{', '[]'])('a file that holds %j is an error that names it', (content) => {
  writeFileSync(join(folder, 'cdk.json'), content);
  expect(() => readConfiguration(folder, {}, home)).toThrow(/cdk\.json holds no JSON/);
});
