import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { account, region } from './environment.ts';

/** A template as CloudFormation takes it. */
export interface Template {
  Resources?: Record<string, TemplateEntry>;
  Outputs?: Record<string, { Value: unknown; Export?: { Name: unknown } }>;
  Parameters?: Record<string, { Type: string; Default?: unknown }>;
  Conditions?: Record<string, unknown>;
  Mappings?: Record<string, Record<string, Record<string, unknown>>>;
}

interface TemplateEntry {
  Type: string;
  Properties?: Record<string, unknown>;
  UpdatePolicy?: Record<string, unknown>;
  /** Name of a condition, without which it is not created. */
  Condition?: string;
  Metadata?: Record<string, unknown>;
}

/** A stack of a cloud assembly, or of one that is nested in it for a Stage. */
export interface SynthesizedStack {
  /** As CloudFormation calls it: `Prod-Webhooks`. */
  name: string;
  /** As the CDK CLI calls it: `Prod/Webhooks`. */
  displayName: string;
  template: Template;
  /** Directory of an asset, by the S3 key that the template gives it; undefined if there is none. */
  assetDirectory(s3Key: string): string | undefined;
}

interface Manifest {
  artifacts?: Record<string, Artifact>;
}

interface Artifact {
  type: string;
  displayName?: string;
  /** `aws://account/region` */
  environment?: string;
  dependencies?: string[];
  properties?: { templateFile?: string; stackName?: string; directoryName?: string; file?: string };
}

interface AssetManifest {
  files?: Record<string, { source: { path?: string }; destinations: Record<string, { objectKey: string }> }>;
}

/**
 * Reads every stack of a cloud assembly.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/deploy.html#deploy-how-synth-assemblies
 */
export function readStacks(directory: string): SynthesizedStack[] {
  const { artifacts = {} } = readJson<Manifest>(directory, 'manifest.json');
  return Object.entries(artifacts).flatMap(([id, artifact]) => {
    const { type, properties: { directoryName, templateFile } = {} } = artifact;
    if (type === 'cdk:cloud-assembly' && directoryName) return readStacks(join(directory, directoryName));
    if (type !== 'aws:cloudformation:stack' || !templateFile) return [];
    const name = artifact.properties?.stackName ?? id;
    return {
      name,
      displayName: artifact.displayName ?? name,
      template: JSON.parse(inThisEnvironment(read(directory, templateFile), artifact.environment)),
      assetDirectory: assetsOf(directory, artifacts, artifact),
    };
  });
}

/**
 * The local run is an account and a region of its own. A stack that names its own has them in ARNs, and gets those of
 * the local run there.
 */
function inThisEnvironment(template: string, environment = ''): string {
  const [, ownAccount = '', ownRegion = ''] = environment.match(/^aws:\/\/(\d{12}|[^/]*)\/(.*)$/) ?? [];
  const inAccount = /^\d{12}$/.test(ownAccount)
    ? template.replace(new RegExp(`\\b${ownAccount}\\b`, 'g'), account)
    : template;
  return /^[a-z]{2}-[a-z-]+-\d$/.test(ownRegion)
    ? inAccount.replace(new RegExp(`(?<![\\w-])${ownRegion}(?![\\w-])`, 'g'), region)
    : inAccount;
}

function assetsOf(
  directory: string,
  artifacts: Record<string, Artifact>,
  stack: Artifact,
): SynthesizedStack['assetDirectory'] {
  const assets = (stack.dependencies ?? []).flatMap((id) => {
    const { type, properties: { file } = {} } = artifacts[id] ?? { type: '' };
    if (type !== 'cdk:asset-manifest' || !file) return [];
    return Object.values(readJson<AssetManifest>(directory, file).files ?? {});
  });
  return (s3Key) => {
    const asset = assets.find(({ destinations }) =>
      Object.values(destinations).some(({ objectKey }) => objectKey === s3Key),
    );
    return asset?.source.path === undefined ? undefined : join(directory, asset.source.path);
  };
}

function read(directory: string, file: string): string {
  return readFileSync(join(directory, file), 'utf8');
}

function readJson<Shape>(directory: string, file: string): Shape {
  return JSON.parse(read(directory, file));
}
