import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssetHashType } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { recordBundle } from './bundle-records.ts';
import { bundleCode } from './bundled-code.ts';
import type { Entry } from './entry.ts';

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

/** Writes the bundle into a directory that lasts as long as the process: CDK copies it into its assembly. */
function build(entry: Entry): Built {
  const { files, digest, inputs } = bundleCode(entry);
  if (built.size === 0) process.once('exit', removeDirectories);
  const directory = mkdtempSync(join(tmpdir(), 'zavu-bundle-'));
  for (const [name, text] of files) writeFileSync(join(directory, name), text);
  recordBundle({ entry, digest, inputs });
  return { directory, digest };
}

function removeDirectories(): void {
  for (const { directory } of built.values()) rmSync(directory, { recursive: true, force: true });
}
