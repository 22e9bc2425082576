import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MadeAssembly } from './rebuild.ts';

/** What gives esbuild its settings: it reads those in the folders above a file, and does not say which. */
const settingsFile = /^(?:package|tsconfig.*)\.json$/;

/** What a module is called. */
const moduleFile = /\.[cm]?[jt]sx?$/;

/**
 * The files that an assembly depends on: what its app has loaded, what its bundles are made of, and what says how these
 * are compiled.
 *
 * @returns absolute paths, of a link also that of what it leads to. Installed packages and cdk.out are left out
 */
export function watchedFiles({ bundles, loaded }: Pick<MadeAssembly, 'bundles' | 'loaded'>): string[] {
  const inputs = bundles.flatMap((bundle) => bundle.inputs);
  const own = [...inputs, ...(loaded ?? [])].filter((file) => !isForeign(file) && mayBeFile(file));
  const settings = foldersAbove(inputs).flatMap((folder) =>
    namesIn(folder)
      .filter((name) => settingsFile.test(name))
      .map((name) => join(folder, name)),
  );
  return [
    ...new Set([
      ...own,
      ...own.filter((file) => existsSync(file)).map((file) => realpathSync(file)),
      ...settings,
    ]),
  ];
}

/** Whether a file may be what a deployment has failed for: a module that was missing. */
export function isModule(file: string): boolean {
  return moduleFile.test(file);
}

function foldersAbove(files: Iterable<string>): string[] {
  const folders = new Set<string>();
  for (const file of files) {
    for (let folder = dirname(file); !folders.has(folder); folder = dirname(folder)) folders.add(folder);
  }
  return [...folders];
}

function isForeign(file: string): boolean {
  return /[\\/](?:node_modules|cdk\.out)[\\/]/.test(file);
}

/** What is gone may come back. A device is none: `/dev/null` changes all the time. */
function mayBeFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? true;
}

/** Nothing of a folder that may not be read. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
