import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { SourceMap } from 'node:module';
import ownPath, { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sourceMapName } from '../../lib/functions/source-maps.ts';
import { codeFrame } from './code-frame.ts';
import type { Frame } from './frames.ts';

/** A place in a source. */
export interface Place {
  /** Its path from the folder of the app, with `/` in it; absolute if it lies elsewhere. */
  file: string;
  /** From 1. */
  line: number;
  column: number;
  /** The lines around it; none if the source is not there. */
  code: readonly string[];
}

interface Original {
  path: string;
  line: number;
  column: number;
  source: string | undefined;
}

/** The package's own files: this one is `local/failures/source-places.ts`, or the same in `dist`. */
const packageRoot = resolve(import.meta.dirname, '../..');

/** Finds the sources of what stands in bundles. */
export class SourcePlaces {
  readonly #maps: string | undefined;
  readonly #folder: string;
  /** Maps that were read, by their names. */
  readonly #read = new Map<string, SourceMap | undefined>();

  /**
   * @param maps directory of the maps that the synthesis wrote; undefined if it wrote none
   * @param folder of the app
   */
  constructor(maps: string | undefined, folder = process.cwd()) {
    this.#maps = maps;
    this.#folder = folder;
  }

  /**
   * The place in the user's own source that frames come from: the innermost frame that is neither of a package nor of
   * the pipeline. If there is none, it is the innermost frame of the bundle that has a source.
   *
   * @param module the bundle's entry, whose frames alone count
   */
  find(frames: readonly Frame[], module: string): Place | undefined {
    const originals = frames.flatMap((frame) => this.#original(frame, bundleDirectory(module)) ?? []);
    const chosen = originals.find(({ path }) => isOwn(path)) ?? originals[0];
    if (!chosen) return undefined;
    const { path, line, column, source } = chosen;
    return {
      file: shownPath(this.#folder, path),
      line,
      column,
      code: source === undefined ? [] : codeFrame(source, line, column),
    };
  }

  /** The place in the user's own source, and none in a package. */
  findOwn(frames: readonly Frame[], module: string): Place | undefined {
    const own = frames.filter((frame) => {
      const original = this.#original(frame, bundleDirectory(module));
      return original !== undefined && isOwn(original.path);
    });
    return own.length === 0 ? undefined : this.find(own, module);
  }

  #original({ file, line, column }: Frame, directory: string): Original | undefined {
    const path = pathOf(file);
    if (path === undefined || dirname(path) !== directory) return undefined;
    const entry = this.#mapOf(path)?.findEntry(line - 1, column - 1);
    if (!entry || !('originalSource' in entry)) return undefined;
    const source = pathOf(entry.originalSource);
    if (source === undefined) return undefined;
    const map = this.#mapOf(path)?.payload;
    const content = map?.sourcesContent?.[map.sources.indexOf(entry.originalSource)];
    return {
      path: source,
      line: entry.originalLine + 1,
      column: entry.originalColumn + 1,
      source: content ?? undefined,
    };
  }

  #mapOf(path: string): SourceMap | undefined {
    if (this.#maps === undefined || !existsSync(path)) return undefined;
    const name = sourceMapName(basename(path), readFileSync(path, 'utf8'));
    if (!this.#read.has(name)) this.#read.set(name, readMap(join(this.#maps, name)));
    return this.#read.get(name);
  }
}

/**
 * How a place in a file is called: by its path from the folder, with `/` in it, or by its whole path if it lies elsewhere,
 * such as on another drive.
 *
 * @param path how the system writes paths
 */
export function shownPath(folder: string, file: string, path = ownPath): string {
  // Of another drive, Windows gives the whole path.
  const near = path.relative(folder, file);
  const isElsewhere = near.split(path.sep)[0] === '..';
  return (isElsewhere ? file : near).split(path.sep).join('/');
}

function readMap(file: string): SourceMap | undefined {
  return existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/** The directory of a bundle as frames name it: Node resolves links, such as that of the temporary folder of macOS. */
export function bundleDirectory(module: string): string {
  return existsSync(module) ? dirname(realpathSync(module)) : dirname(module);
}

/** The path that a frame names: of a URL of a file, or as it is. */
function pathOf(file: string): string | undefined {
  if (!/^\w{2,}:/.test(file)) return file;
  try {
    return fileURLToPath(file);
  } catch {
    return undefined;
  }
}

/** Whether a source is the user's. The handlers that this package ships count as such in its own repository. */
function isOwn(path: string): boolean {
  const parts = path.split(/[\\/]/);
  if (parts.includes('node_modules')) return false;
  const inPackage = relative(packageRoot, path).split(/[\\/]/);
  return inPackage[0] !== 'lambda' || inPackage[1] === 'handlers' || inPackage[1] === 'handlers.ts';
}
