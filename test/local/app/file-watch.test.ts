import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { watchFiles } from '../../../local/app/file-watch.ts';
import { eventually } from '../../support/eventually.ts';

let folder: string;
let runs: number;
let stop: () => void;

function start(
  watch: { include: string[]; exclude: string[] },
  run = async () => true,
  also: () => string[] = () => [],
): void {
  stop = watchFiles(
    folder,
    watch,
    async () => {
      runs += 1;
      return run();
    },
    () => undefined,
    also,
  );
}

function save(file: string, content = String(Math.PI)): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), content);
}

/** Saves a file as editors do that never leave half of one: the new one takes the place of the old one. */
function saveByRename(file: string): void {
  save(`${file}~`);
  renameSync(join(folder, `${file}~`), join(folder, file));
}

/** Waits until a change was seen that was made now. */
async function seen(change: () => void): Promise<void> {
  const before = runs;
  change();
  await eventually(
    () => runs > before,
    () => 'a run after a change',
  );
}

/** Makes a change that must not be seen: one that must be, made after it, is the only one. */
async function unseen(change: () => void): Promise<void> {
  change();
  // Longer than a change takes to settle.
  await wait(600);
  expect(runs).toBe(0);
  await seen(() => save('lambda/handler.ts'));
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zavu-watch-'));
  runs = 0;
  for (const file of ['bin/app.ts', 'lambda/handler.ts', 'node_modules/x/x.js', 'cdk.out/x.json']) save(file);
});
afterEach(() => {
  stop();
  rmSync(folder, { recursive: true });
});

test('every save is seen, in place and by rename', async () => {
  start({ include: ['lambda/**', 'bin/**'], exclude: [] });
  await seen(() => save('lambda/handler.ts'));
  await seen(() => saveByRename('lambda/handler.ts'));
  await seen(() => save('lambda/handler.ts'));
  await seen(() => saveByRename('lambda/handler.ts'));
  await seen(() => saveByRename('lambda/handler.ts'));
  await seen(() => save('bin/app.ts'));
});

test('new directories are watched, and those that were replaced', async () => {
  start({ include: ['lambda/**'], exclude: [] });
  await seen(() => save('lambda/crm/deep/customer.ts'));
  await seen(() => save('lambda/crm/deep/customer.ts'));
  await seen(() => {
    renameSync(join(folder, 'lambda'), join(folder, 'old'));
    save('lambda/crm/handler.ts');
  });
  await seen(() => save('lambda/crm/handler.ts'));
  await seen(() => rmSync(join(folder, 'lambda/crm'), { recursive: true }));
});

test.each([
  ['in node_modules', 'node_modules/x/x.js'],
  ['in cdk.out', 'cdk.out/x.json'],
  ['with a dot', '.zavu-local.1.json'],
  ['that is excluded', 'lambda/handler.js'],
  ['in a directory that is excluded', 'test/handler.test.ts'],
])('a file %s is not watched, not even by **', async (_case, file) => {
  save('test/other.test.ts');
  start({ include: ['**', '.*'], exclude: ['**/*.js', 'test'] });
  await unseen(() => save(file));
});

test('cdk.out may be made anew', async () => {
  start({ include: ['**'], exclude: [] });
  await unseen(() => {
    rmSync(join(folder, 'cdk.out'), { recursive: true });
    save('cdk.out/y.json');
  });
});

test('what is not included is not watched', async () => {
  start({ include: ['./lambda/**/*.ts'], exclude: [] });
  await unseen(() => {
    save('bin/app.ts');
    save('lambda/notes.md');
  });
});

test('runs do not overlap, and one that fails does not end the watch', async () => {
  let atOnce = 0;
  let most = 0;
  start({ include: ['lambda/**'], exclude: [] }, async () => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    await wait(1000);
    atOnce -= 1;
    throw new Error('does not compile');
  });
  await seen(() => save('lambda/handler.ts'));
  await seen(() => save('lambda/handler.ts'));
  await seen(() => save('lambda/handler.ts'));
  expect(most).toBe(1);
});

test('a file elsewhere is watched, and after a failure also a module that may have been missing beside it', async () => {
  let isWell = true;
  const elsewhere = join(folder, 'linked/shared.ts');
  save('linked/shared.ts');
  start(
    { include: ['lambda/**'], exclude: [] },
    async () => isWell,
    () => [elsewhere],
  );
  await unseen(() => save('linked/missing.ts'));
  isWell = false;
  await seen(() => saveByRename('linked/shared.ts'));
  const before = runs;
  save('linked/notes.md');
  await wait(600);
  expect(runs).toBe(before);
  isWell = true;
  await seen(() => save('linked/missing.ts'));
  const after = runs;
  save('linked/missing.ts');
  await wait(600);
  expect(runs).toBe(after);
});
