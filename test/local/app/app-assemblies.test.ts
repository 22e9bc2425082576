import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppAssemblies } from '../../../local/app/app-assemblies.ts';

let folder: string;
let workspace: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zavu-assemblies-'));
  workspace = join(folder, 'workspace');
  mkdirSync(workspace);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What is made by an app of this code, or found at this path. */
function assembliesOf(app: string): AppAssemblies {
  return new AppAssemblies({ app, context: {}, workspace, signal: new AbortController().signal });
}

function appOf(code: string): string {
  const file = join(folder, 'app.mjs');
  writeFileSync(file, code);
  return file;
}

const left = () => readdirSync(workspace).filter((name) => name.startsWith('assembly-'));

test('nothing stays of an assembly that was removed, and the others stay', async () => {
  const assemblies = assembliesOf(
    appOf(
      "import { writeFileSync } from 'node:fs';\nwriteFileSync(process.env.CDK_OUTDIR + '/manifest.json', '{}');",
    ),
  );
  const first = await assemblies.next([]);
  first.deployed();
  const second = await assemblies.next([]);
  second.deployed();
  first.remove();
  // A process of it may end twice.
  first.remove();
  expect(left().map((name) => join(workspace, name))).toEqual([second.directory]);
  expect(existsSync(join(second.directory, 'manifest.json'))).toBe(true);
});

test('nothing stays of an app that does not synthesize', async () => {
  await expect(assembliesOf(appOf("throw new Error('not today')")).next([])).rejects.toThrow('not today');
  expect(left()).toEqual([]);
});

test('an assembly that the user has made stays', async () => {
  const own = join(folder, 'cdk.out');
  mkdirSync(own);
  const found = await assembliesOf(own).next([]);
  found.remove();
  expect(existsSync(own)).toBe(true);
});
