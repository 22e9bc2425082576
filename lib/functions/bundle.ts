import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AssetHashType } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync } from 'esbuild';
import { contentNames, provisionalNames, renamedFiles } from './chunks.ts';
import type { Entry, GeneratedEntry } from './entry.ts';
import { isBuildFailure, refuseMissingHandlers } from './missing-handlers.ts';
import { sourceMapsVariable, writeSourceMaps } from './source-maps.ts';

interface Bundle {
  code: AssetCode;
  /** Changes exactly when the code does; dead letters carry it. */
  version: string;
}

/** What was built in this process, by entry: workers share theirs. */
const built = new Map<string, Built>();

interface Built {
  directory: string;
  digest: string;
}

/**
 * Bundles a function's entry and all that it imports, the AWS SDK included, for Lambda's Node. The same code gives
 * the same bundle and version, wherever the files lie and whichever package manager put them there.
 *
 * Our own call of esbuild rather than `NodejsFunction`, which passes `--outfile`: `splitting` leaves the
 * SDK's credential providers in chunks that a function never loads (docs/decisions/0003). Before the asset is
 * made, because CDK's own step for it prints a line for every function.
 *
 * @param entry exports the function's `handler`
 * @throws esbuild's error, naming file and line; a sentence if a generated entry imports `handlers` from a file that
 * exports none
 */
export function bundle(entry: Entry): Bundle {
  const key = JSON.stringify(entry);
  const { directory, digest } = built.get(key) ?? build(entry);
  built.set(key, { directory, digest });
  const code = Code.fromAsset(directory, { assetHash: digest, assetHashType: AssetHashType.CUSTOM });
  return { code, version: digest.slice(0, 12) };
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

/** Writes the bundle into a directory that lasts as long as the process: CDK copies it into its assembly. */
function build(entry: Entry): Built {
  const files = bundledFiles(entry);
  if (built.size === 0) process.once('exit', removeDirectories);
  const directory = mkdtempSync(join(tmpdir(), 'zavu-bundle-'));
  for (const [name, text] of files) writeFileSync(join(directory, name), text);
  return {
    directory,
    digest: createHash('sha256')
      .update(JSON.stringify([...files]))
      .digest('hex'),
  };
}

function removeDirectories(): void {
  for (const { directory } of built.values()) rmSync(directory, { recursive: true, force: true });
}

/** Name and content of each file. */
function bundledFiles(entry: Entry): Map<string, string> {
  const from = typeof entry === 'string' ? { entryPoints: [entry] } : { stdin: stdinOf(entry) };
  const names = { entryNames: 'index', chunkNames: provisionalNames, outdir: '/' };
  const mapsDirectory = process.env[sourceMapsVariable];
  // `external` leaves no word of the map in the bundle.
  const maps = mapsDirectory ? ({ sourcemap: 'external' } as const) : {};
  try {
    const result = buildSync({ ...bundleOptions, ...from, ...names, ...maps, write: false, metafile: true });
    refuseMissingHandlers(result.warnings, from.stdin?.sourcefile);
    const finalNames = contentNames(result.metafile);
    const files = renamedFiles(result.outputFiles, finalNames);
    if (mapsDirectory) writeSourceMaps(mapsDirectory, result.outputFiles, finalNames, files);
    return files;
  } catch (error) {
    if (isBuildFailure(error)) refuseMissingHandlers(error.errors, from.stdin?.sourcefile);
    throw error;
  }
}

/** What esbuild takes in place of a file. */
function stdinOf({ name, source, resolveDirectory }: GeneratedEntry) {
  const sourcefile = resolve(resolveDirectory, name);
  return { sourcefile, contents: source, resolveDir: resolveDirectory, loader: 'ts' } as const;
}
