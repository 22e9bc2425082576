import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { AppConfiguration } from './configuration.ts';
import { isWatched, mayHold } from './watch-patterns.ts';
import { isModule } from './watched-files.ts';

/** How long files must have been left alone before their change counts: an editor writes in steps. */
const settleMs = 100;

/**
 * Runs something whenever files change, once the changes have settled, and one run at a time.
 *
 * Each directory is watched by itself. A watcher of a file would watch what a save by rename has replaced, and so would
 * Node's recursive watcher on Linux.
 *
 * @param patterns of cdk.json, relative to the folder. Nothing that begins with a dot, and nothing in node_modules or
 * cdk.out, is watched.
 * @param run is given the absolute paths of what has changed. It gives false, or throws, if it failed: then every module
 * counts that changes beside `also`, because it may have been missing
 * @param also absolute paths of further files, asked for again after each run
 * @default no further files
 * @param onError takes the error of a run, which ends nothing
 * @returns a function that ends it, once a run that is under way has ended
 */
export function watchFiles(
  folder: string,
  patterns: AppConfiguration['watch'],
  run: (changed: readonly string[]) => Promise<boolean>,
  onError: (error: unknown) => void,
  also: () => Iterable<string> = () => [],
): () => Promise<void> {
  let isOver = false;
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  let hasFailed = false;
  let further = new Set<string>();
  let changedFiles = new Set<string>();

  function changed(event: string, directory: string, name: string | null): void {
    const file = join(directory, name ?? '');
    // Made, removed or moved: what was watched under this name is another directory now.
    if (event === 'rename' && name !== null) forget(file);
    const inFolder = relative(folder, file);
    if (isDirectory(file)) {
      if (!mayHold(inFolder, patterns)) return;
      follow(file);
    } else if (!isWatched(inFolder, patterns) && !further.has(file) && !(hasFailed && isMissing(file)))
      return;
    changedFiles.add(file);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const files = [...changedFiles];
      changedFiles = new Set();
      running = running
        .then(() => run(files))
        .then(
          (isWell) => {
            hasFailed = !isWell;
          },
          (error) => {
            hasFailed = true;
            onError(error);
          },
        )
        .then(followFurther);
    }, settleMs);
  }

  function isMissing(file: string): boolean {
    return isModule(file) && [...further].some((other) => dirname(other) === dirname(file));
  }

  /** Watches a directory and those in it, unless it does so already. */
  function follow(directory: string): void {
    if (!mayHold(relative(folder, directory), patterns)) return;
    observe(directory);
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) follow(join(directory, entry.name));
    }
  }

  /** Watches a directory alone, unless it does so already. */
  function observe(directory: string): void {
    if (watchers.has(directory)) return;
    const watcher = watch(directory, (event, name) => changed(event, directory, name));
    watcher.on('error', () => forget(directory));
    watchers.set(directory, watcher);
  }

  function followFurther(): void {
    if (isOver) return;
    further = new Set(also());
    for (const directory of new Set([...further].map((file) => dirname(file)))) {
      if (isDirectory(directory)) observe(directory);
    }
  }

  function forget(directory: string): void {
    for (const [watched, watcher] of watchers) {
      if (watched !== directory && !watched.startsWith(directory + sep)) continue;
      watcher.close();
      watchers.delete(watched);
    }
  }

  follow(folder);
  followFurther();
  return async () => {
    clearTimeout(timer);
    isOver = true;
    for (const watcher of watchers.values()) watcher.close();
    await running;
  };
}

function isDirectory(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
