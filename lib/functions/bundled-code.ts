import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';
import { contentNames, provisionalNames, renamedFiles } from './chunks.ts';
import type { Entry, GeneratedEntry } from './entry.ts';
import { isBuildFailure, refuseMissingHandlers } from './missing-handlers.ts';
import { sourceMapsVariable, writeSourceMaps } from './source-maps.ts';

/** The code of a function, as it is deployed. */
export interface BundledCode {
  /** Name and content of each file. */
  files: ReadonlyMap<string, string>;
  /** Changes exactly when a file does: SHA-256, in hex. */
  digest: string;
  /** Absolute paths of the files that it is made of, without those of installed packages. */
  inputs: readonly string[];
}

/** How functions are bundled. */
export const bundleOptions = {
  bundle: true,
  splitting: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.mjs' },
  // At the end of a chunk, esbuild writes them below their package, and only if that lies in node_modules.
  legalComments: 'inline',
  // Some code is CommonJS, and uses what an ES module does not have.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  define: { __filename: 'import.meta.filename', __dirname: 'import.meta.dirname' },
  logLevel: 'silent',
} satisfies BuildOptions;

/**
 * Bundles an entry and all that it imports.
 *
 * @param mapsDirectory where source maps go, if there are to be any
 * @default what the environment says
 * @throws esbuild's error, naming file and line; a sentence if a generated entry imports `handlers` from a file that
 * exports none
 */
export function bundleCode(entry: Entry, mapsDirectory = process.env[sourceMapsVariable]): BundledCode {
  const from = typeof entry === 'string' ? { entryPoints: [entry] } : { stdin: stdinOf(entry) };
  const names = { entryNames: 'index', chunkNames: provisionalNames, outdir: '/' };
  // `external` leaves no word of the map in the bundle.
  const maps = mapsDirectory ? ({ sourcemap: 'external' } as const) : {};
  try {
    const result = buildSync({ ...bundleOptions, ...from, ...names, ...maps, write: false, metafile: true });
    refuseMissingHandlers(result.warnings, from.stdin?.sourcefile);
    const finalNames = contentNames(result.metafile);
    const files = renamedFiles(result.outputFiles, finalNames);
    if (mapsDirectory) writeSourceMaps(mapsDirectory, result.outputFiles, finalNames, files);
    const inputs = Object.keys(result.metafile.inputs)
      .map((input) => resolve(input))
      .filter((input) => !/[\\/]node_modules[\\/]/.test(input));
    return { files, digest: digestOf(files), inputs: inputs.filter((input) => existsSync(input)) };
  } catch (error) {
    if (isBuildFailure(error)) refuseMissingHandlers(error.errors, from.stdin?.sourcefile);
    throw error;
  }
}

function digestOf(files: ReadonlyMap<string, string>): string {
  return createHash('sha256')
    .update(JSON.stringify([...files]))
    .digest('hex');
}

/** What esbuild takes in place of a file. */
function stdinOf({ name, source, resolveDirectory }: GeneratedEntry) {
  const sourcefile = resolve(resolveDirectory, name);
  return { sourcefile, contents: source, resolveDir: resolveDirectory, loader: 'ts' } as const;
}
