import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { synthesize } from '../local/assembly.ts';
import type { Subject } from './functions.ts';
import { type Spread, spreadOf } from './statistics.ts';

export interface BuildResult {
  synthSeconds: Spread;
  bundles: readonly { name: string; bytes: number; packedBytes: number }[];
  /** What `npm ci` installs. */
  install: { packages: number; bytes: number };
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
    await synthesize('bin/app.ts', {}, workspace, new AbortController().signal);
    seconds.push((performance.now() - startedAt) / 1000);
  }
  const { packages }: { packages: Record<string, unknown> } = JSON.parse(
    readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8'),
  );
  return {
    synthSeconds: spreadOf(seconds),
    bundles: Object.entries(subjects).map(([name, { directory }]) => {
      const files = readdirSync(directory).map((file) => readFileSync(join(directory, file)));
      return {
        name,
        bytes: sum(files.map(({ length }) => length)),
        packedBytes: sum(files.map((file) => gzipSync(file, { level: 9 }).length)),
      };
    }),
    install: { packages: Object.keys(packages).length, bytes: sizeOf(join(root, 'node_modules')) },
  };
}

function sizeOf(directory: string): number {
  const entries = readdirSync(directory, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  return sum(files.map(({ parentPath, name }) => statSync(join(parentPath, name)).size));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
