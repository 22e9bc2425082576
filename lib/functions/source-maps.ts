import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { decode, encode } from '@jridgewell/sourcemap-codec';
import type { OutputFile } from 'esbuild';
import { provisionalName } from './chunks.ts';

/** The directory that esbuild is told to write a bundle into (bundle.ts). */
const bundleUrl = pathToFileURL(resolve('/'));

/** Where maps of bundles are written, for whoever reads a stack; if it is not set, none are made. */
export const sourceMapsVariable = 'ZAVU_SOURCE_MAPS';

/** What is read of a source map: https://tc39.es/ecma426/ */
interface SourceMap {
  version: 3;
  sources: string[];
  sourcesContent?: (string | null)[];
  names: string[];
  mappings: string;
}

/**
 * What the map of a file in a bundle is called. The name follows from the file alone, so that whoever has the bundle
 * finds its maps, also if several bundles were made.
 */
export function sourceMapName(name: string, text: string): string {
  return `${createHash('sha256').update(`${name}\n${text}`).digest('hex')}.map`;
}

/**
 * Writes the maps of a bundle beside it, and never into it: the bundle is the same with and without them.
 *
 * @param outputFiles esbuild's files, maps among them
 * @param names the names in the bundle, by those that esbuild gave
 * @param files the bundle: name and content of each file
 */
export function writeSourceMaps(
  directory: string,
  outputFiles: readonly OutputFile[],
  names: ReadonlyMap<string, string>,
  files: ReadonlyMap<string, string>,
): void {
  mkdirSync(directory, { recursive: true });
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
  for (const [provisional, name] of names) {
    const text = texts.get(`${provisional}.map`);
    if (text === undefined) continue;
    const map: SourceMap = JSON.parse(text);
    const renamed = {
      ...map,
      file: name,
      // They are URLs already, from the directory that the bundle was written for.
      sources: map.sources.map((source) => new URL(source, bundleUrl).href),
      sourcesContent: map.sources.map((source, index) =>
        source.includes('node_modules') ? null : (map.sourcesContent?.[index] ?? null),
      ),
      mappings: shifted(map.mappings, texts.get(provisional) ?? '', names),
    };
    writeFileSync(join(directory, sourceMapName(name, files.get(name) ?? '')), JSON.stringify(renamed));
  }
}

/**
 * The mappings of a file after its chunks got their names: what stands behind a name in the same line has moved.
 *
 * @param text the file before
 */
function shifted(mappings: string, text: string, names: ReadonlyMap<string, string>): string {
  const lines = text.split('\n');
  return encode(
    decode(mappings).map((segments, line) => {
      const moves = [...(lines[line] ?? '').matchAll(provisionalName)].map(({ 0: name, index }) => ({
        end: index + name.length,
        by: (names.get(name) ?? name).length - name.length,
      }));
      for (const segment of segments) {
        const before = segment[0];
        for (const { end, by } of moves) if (end <= before) segment[0] += by;
      }
      return segments;
    }),
  );
}
