import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  /** How CloudFormation changes it, if that is more than a call of its service. */
  UpdatePolicy?: Record<string, unknown>;
}

/** A synthesized stack: its template, and the directories that hold the code of its functions. */
export interface Assembly {
  resources: Readonly<Record<string, Resource>>;
  outputs: Readonly<Record<string, { Value: unknown }>>;
  /** Directory of an asset, by the S3 key that the template gives it. */
  assetDirectory(s3Key: string): string;
}

interface Manifest {
  artifacts: Record<string, { type: string; properties?: { templateFile: string } }>;
}

interface Template {
  Resources: Record<string, Partial<Resource> & Pick<Resource, 'Type'>>;
  Outputs?: Record<string, { Value: unknown }>;
}

/**
 * Reads a cloud assembly with one stack.
 *
 * @throws Error when there is none, or more than one
 */
export function readAssembly(directory: string): Assembly {
  const json = <Shape>(file: string): Shape => JSON.parse(readFileSync(join(directory, file), 'utf8'));
  const stacks = Object.entries(json<Manifest>('manifest.json').artifacts).filter(
    ([, { type }]) => type === 'aws:cloudformation:stack',
  );
  const [[name, { properties }] = ['', { properties: undefined }]] = stacks;
  if (stacks.length !== 1 || !properties) {
    throw new Error(`${directory} must hold one stack; it holds ${stacks.length}.`);
  }
  const template = json<Template>(properties.templateFile);
  const { files } = json<{ files: Record<string, { source: { path: string } }> }>(`${name}.assets.json`);
  return {
    resources: Object.fromEntries(
      Object.entries(template.Resources).map(([id, { Type, Properties = {}, UpdatePolicy = {} }]) => [
        id,
        { Type, Properties, UpdatePolicy },
      ]),
    ),
    outputs: template.Outputs ?? {},
    assetDirectory(s3Key) {
      const asset = files[s3Key.replace(/\.zip$/, '')];
      if (!asset) throw new Error(`The assembly has no asset ${s3Key}.`);
      return join(directory, asset.source.path);
    },
  };
}

/** The resources of a type: the logical id and the properties of each. */
export function resourcesOfType(
  { resources }: Pick<Assembly, 'resources'>,
  type: string,
): [logicalId: string, properties: Record<string, unknown>][] {
  return Object.entries(resources).flatMap(([id, { Type, Properties }]) =>
    Type === type ? [[id, Properties]] : [],
  );
}
