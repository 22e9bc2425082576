import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import type { BundleRecord } from '../../lib/functions/bundle-records.ts';
import type { BundledCode } from '../../lib/functions/bundled-code.ts';

/** A cloud assembly, with what is known of how it was made. */
export interface MadeAssembly {
  directory: string;
  /** The bundles in it; none if somebody else made it. */
  bundles: readonly BundleRecord[];
  /** Absolute paths of the files that the app has loaded; undefined if that is not known. */
  loaded: ReadonlySet<string> | undefined;
}

/**
 * The bundles that have to be made again after a change, if that is enough: the app has loaded none of the files, so
 * that its template cannot depend on them, and each of them is part of a bundle.
 *
 * @param changed absolute paths
 * @returns undefined if the app has to be synthesized
 */
export function bundlesToRebuild(
  changed: readonly string[],
  { bundles, loaded }: Pick<MadeAssembly, 'bundles' | 'loaded'>,
): readonly BundleRecord[] | undefined {
  if (!loaded) return undefined;
  const known = new Set([...loaded, ...bundles.flatMap(({ inputs }) => inputs)]);
  // What came and went was the other half of a save: editors write a new file beside the old one.
  const lasting = changed.filter((file) => existsSync(file) || known.has(file));
  if (lasting.length === 0) return undefined;
  const appFiles = realPaths(withoutPackages(loaded));
  const parts = new Map(bundles.map((bundle) => [bundle, realPaths(bundle.inputs)]));
  const affected = new Set<BundleRecord>();
  for (const file of lasting) {
    const path = existsSync(file) ? realpathSync(file) : undefined;
    if (path === undefined || appFiles.has(path)) return undefined;
    const containing = bundles.filter((bundle) => parts.get(bundle)?.has(path));
    if (containing.length === 0) return undefined;
    for (const bundle of containing) affected.add(bundle);
  }
  const isShared = ({ digest }: BundleRecord) => bundles.filter((each) => each.digest === digest).length > 1;
  // The template does not tell functions apart whose code is the same, and only one of them has changed.
  return [...affected].some(isShared) ? undefined : [...affected];
}

/**
 * Makes an assembly of another one, in which bundles are replaced: their directories, and the names and versions by which
 * the templates know them.
 *
 * @param rebuilt the code of each bundle that was made again
 * @param workspace directory to put it into, in a fresh one of its own
 * @returns undefined if a function or a layer of the assembly is none of the bundles: it may be made of the same files
 */
export function withBundles(
  made: MadeAssembly,
  rebuilt: ReadonlyMap<BundleRecord, BundledCode>,
  workspace: string,
): MadeAssembly | undefined {
  const known = made.bundles.map(({ digest }) => assetName(digest));
  const texts = new Map(
    readdirSync(made.directory)
      .filter((name) => name.endsWith('.json'))
      .map((name) => [name, readFileSync(join(made.directory, name), 'utf8')]),
  );
  const templates = [...texts].filter(([name]) => name.endsWith('.template.json'));
  if (!templates.every(([, text]) => codeAssets(text).every((asset) => known.includes(asset))))
    return undefined;

  const directory = mkdtempSync(join(workspace, 'assembly-'));
  const replaced = [...rebuilt.keys()].map(({ digest }) => `asset.${assetName(digest)}`);
  cpSync(made.directory, directory, {
    recursive: true,
    filter: (source) => !replaced.includes(basename(source)) && !texts.has(basename(source)),
  });
  for (const { files, digest } of rebuilt.values()) {
    const asset = join(directory, `asset.${assetName(digest)}`);
    mkdirSync(asset, { recursive: true });
    for (const [name, text] of files) writeFileSync(join(asset, name), text);
  }
  for (const [name, text] of texts) writeFileSync(join(directory, name), renamed(text, rebuilt));
  return {
    directory,
    bundles: made.bundles.map((bundle) => {
      const code = rebuilt.get(bundle);
      return code ? { entry: bundle.entry, digest: code.digest, inputs: code.inputs } : bundle;
    }),
    loaded: made.loaded,
  };
}

/** A text of an assembly, with other names and versions of bundles. */
function renamed(text: string, rebuilt: ReadonlyMap<BundleRecord, BundledCode>): string {
  const names = new Map(
    [...rebuilt].flatMap(([{ digest: before }, { digest: after }]) => [
      [assetName(before), assetName(after)],
      [before.slice(0, 12), after.slice(0, 12)],
    ]),
  );
  // All at once, because one bundle may have become what another one was.
  return text.replace(/\b(?:[\da-f]{64}|[\da-f]{12})\b/g, (name) => names.get(name) ?? name);
}

/** The hash by which CDK names an asset that was given a hash of its own. */
function assetName(digest: string): string {
  return createHash('sha256').update(digest).digest('hex');
}

/** Where a template names an asset that holds code. */
interface Coded {
  Type: string;
  Properties?: { Code?: { S3Key?: unknown }; Content?: { S3Key?: unknown } };
}

/** The assets of a template's functions and layers. Code that stands in the template itself is made of no file. */
function codeAssets(template: string): string[] {
  const { Resources = {} }: { Resources?: Record<string, Coded> } = JSON.parse(template);
  return Object.values(Resources)
    .filter(({ Type }) => ['AWS::Lambda::Function', 'AWS::Lambda::LayerVersion'].includes(Type))
    .flatMap(({ Properties: { Code, Content } = {} }) => {
      const key = Code?.S3Key ?? Content?.S3Key;
      return key === undefined ? [] : [String(key).replace(/\.zip$/, '')];
    });
}

/** Of an app, most files are CDK's, and nobody changes them. */
function withoutPackages(paths: Iterable<string>): string[] {
  return [...paths].filter((path) => !/[\\/]node_modules[\\/]/.test(path));
}

function realPaths(paths: Iterable<string>): Set<string> {
  const real = new Set<string>();
  for (const path of paths) if (existsSync(path)) real.add(realpathSync(path));
  return real;
}
