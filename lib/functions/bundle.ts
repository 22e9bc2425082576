import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { AssetHashType } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync } from 'esbuild';
import type { Entry } from './entry.ts';

interface Bundle {
  code: Code;
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
 * Bundles a function's entry and all that it imports, the AWS SDK included, for Lambda's Node.
 *
 * Our own call of esbuild rather than `NodejsFunction`, which passes `--outfile`: `splitting` leaves the
 * SDK's credential providers in chunks that a function never loads (docs/decisions/0003). Before the asset is
 * made, because CDK's own step for it prints a line for every function.
 *
 * @param entry exports the function's `handler`
 * @throws esbuild's error, naming file and line
 */
export function bundle(entry: Entry): Bundle {
  const key = typeof entry === 'string' ? entry : entry.source;
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
  // Some dependencies are CommonJS and call `require`, which an ES module does not have.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  logLevel: 'silent',
} satisfies BuildOptions;

/** Writes the bundle into a directory that lasts as long as the process: CDK copies it into its assembly. */
function build(entry: Entry): Built {
  const input =
    typeof entry === 'string'
      ? { entryPoints: { index: entry } }
      : {
          stdin: {
            contents: entry.source,
            sourcefile: 'index.ts',
            loader: 'ts' as const,
            resolveDir: import.meta.dirname,
          },
        };
  const { outputFiles } = buildSync({
    ...bundleOptions,
    ...input,
    entryNames: 'index',
    outdir: '/',
    write: false,
  });
  const directory = mkdtempSync(join(tmpdir(), 'zavu-bundle-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const hash = createHash('sha256');
  for (const { path, contents } of outputFiles) {
    hash.update(basename(path)).update(contents);
    writeFileSync(join(directory, basename(path)), contents);
  }
  return { directory, digest: hash.digest('hex') };
}
