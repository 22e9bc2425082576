import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync, type OutputFile } from 'esbuild';

export interface Bundle {
  code: Code;
  /** Changes exactly when the code does; dead letters carry it. */
  version: string;
}

/** What was built in this process, by entry: workers share theirs. */
const built = new Map<string, OutputFile[]>();

/**
 * Bundles a function's entry and all that it imports, the AWS SDK included, for Lambda's Node.
 *
 * Our own call of esbuild rather than `NodejsFunction`, which passes `--outfile`: `splitting` leaves the
 * SDK's credential providers in chunks that a function never loads (docs/decisions/0003).
 *
 * @param entry path of the TypeScript entry, whose `handler` is exported
 * @throws esbuild's error, naming file and line
 */
export function bundle(entry: string): Bundle {
  const outputFiles = built.get(entry) ?? build(entry);
  built.set(entry, outputFiles);
  const hash = createHash('sha256');
  for (const file of outputFiles) hash.update(basename(file.path)).update(file.contents);
  const digest = hash.digest('hex');

  const code = Code.fromAsset(dirname(entry), {
    assetHash: digest,
    assetHashType: AssetHashType.CUSTOM,
    bundling: {
      // Never pulled: the local bundling below always succeeds.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(directory) {
          mkdirSync(directory, { recursive: true });
          for (const file of outputFiles) writeFileSync(join(directory, basename(file.path)), file.contents);
          return true;
        },
      },
    },
  });
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

function build(entry: string): OutputFile[] {
  const entryPoints = { index: entry };
  return buildSync({ ...bundleOptions, entryPoints, outdir: '/', write: false }).outputFiles;
}
