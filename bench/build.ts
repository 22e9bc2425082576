import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { synthesizeApp } from '../local/app/synthesis.ts';
import { bundleSize } from '../test/support/bundle-size.ts';
import { apps, type Subject } from './functions.ts';
import { type Spread, spreadOf } from './statistics.ts';

export interface BuildResult {
  synthSeconds: Spread;
  /** In bytes: as deployed, and packed by gzip. */
  bundles: readonly { name: string; deployed: number; packed: number }[];
  /** What `npm ci` installs, and how long that takes where npm has the packages already. */
  install: { packages: number; bytes: number; seconds: number };
}

const root = join(import.meta.dirname, '..');

/** What a deployment takes before AWS sees it. */
export async function measureBuild(
  subjects: Readonly<Record<string, Subject>>,
  rounds: number,
  workspace: string,
): Promise<BuildResult> {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now();
    await synthesizeApp(apps.stack, {}, workspace, new AbortController().signal);
    seconds.push((performance.now() - startedAt) / 1000);
  }
  return {
    synthSeconds: spreadOf(seconds),
    bundles: Object.entries(subjects).map(([name, { directory }]) => ({ name, ...bundleSize(directory) })),
    install: install(join(workspace, 'install')),
  };
}

function install(directory: string): BuildResult['install'] {
  mkdirSync(directory);
  for (const file of ['package.json', 'package-lock.json'])
    copyFileSync(join(root, file), join(directory, file));
  const startedAt = performance.now();
  execFileSync('npm', ['ci'], { cwd: directory, stdio: 'ignore' });
  const seconds = (performance.now() - startedAt) / 1000;
  const installed = join(directory, 'node_modules');
  const { packages }: { packages: object } = JSON.parse(
    readFileSync(join(installed, '.package-lock.json'), 'utf8'),
  );
  return { packages: Object.keys(packages).length, bytes: sizeOf(installed), seconds };
}

function sizeOf(directory: string): number {
  const files = readdirSync(directory, { withFileTypes: true, recursive: true }).filter((entry) =>
    entry.isFile(),
  );
  // By inode: one file may have several names.
  const sizes = new Map(
    files.map(({ parentPath, name }) => {
      const { ino, size } = statSync(join(parentPath, name));
      return [ino, size];
    }),
  );
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}
