import { basename, parse } from 'node:path';
import type { Metafile, OutputFile } from 'esbuild';

/** What esbuild is told to call chunks until they are renamed, and how that is found in a file. */
export const provisionalNames = 'zavu-[hash]';
export const provisionalName = /zavu-[A-Z0-9]{8}\.mjs/g;

/**
 * The names of a bundle's files, which their content alone decides, by esbuild's own. The hash in those is of the paths of
 * the sources, too, which differ between npm and pnpm, and from one folder to another
 * (https://github.com/evanw/esbuild/issues/1499).
 *
 * A chunk has a number, in the order in which the files name each other, the entry first. A hash of the content would
 * not do: chunks may name each other in a circle, and two modules with the same bytes stay two modules. Before the
 * number stands the name of the file that is loaded by `import()`, for whoever reads a stack trace.
 *
 * What no file names is left out: esbuild writes a chunk for an `import()` in code that it dropped, too.
 */
export function contentNames(metafile: Metafile): Map<string, string> {
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
  const names = new Map([['index.mjs', 'index.mjs']]);
  // A Map also iterates over what is added on the way.
  for (const file of names.keys()) {
    for (const { path, external } of outputs.get(file)?.imports ?? []) {
      const chunk = basename(path);
      if (external || names.has(chunk)) continue;
      names.set(chunk, `${readable(outputs.get(chunk)?.entryPoint)}-${names.size}.mjs`);
    }
  }
  return names;
}

/**
 * The files of a bundle by their new names.
 *
 * @param outputFiles esbuild's files: `index.mjs`, and chunks by their provisional names
 * @param names as `contentNames` gives them
 * @returns name and content of each, the entry first
 */
export function renamedFiles(
  outputFiles: readonly OutputFile[],
  names: ReadonlyMap<string, string>,
): Map<string, string> {
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
  const renamed = (text = '') => text.replace(provisionalName, (name) => names.get(name) ?? name);
  return new Map([...names].map(([file, name]) => [name, renamed(texts.get(file))]));
}

/** A file's name without what an import would read as something else: `#` begins a URL's fragment. */
function readable(path = 'chunk'): string {
  return parse(path).name.replace(/[^\w.-]/g, '_');
}
