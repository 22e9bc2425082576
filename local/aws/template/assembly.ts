import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

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
 * Synthesizes a CDK app as `cdk synth` would.
 *
 * @param app path of the app's TypeScript file
 * @param context what `-c name=value` would give, beside cdk.json's context
 * @param workspace directory to put the cloud assembly into, in a fresh one of its own
 * @param signal ends the synthesis
 * @returns the directory with the cloud assembly
 * @throws Error with the app's own error
 */
export async function synthesizeApp(
  app: string,
  context: Record<string, string>,
  workspace: string,
  signal: AbortSignal,
): Promise<string> {
  const { context: inFile }: { context: object } = JSON.parse(readFileSync('cdk.json', 'utf8'));
  const directory = mkdtempSync(join(workspace, 'assembly-'));
  const child = spawn(process.execPath, [app], {
    env: {
      ...process.env,
      CDK_OUTDIR: directory,
      CDK_CONTEXT_JSON: JSON.stringify({ ...inFile, ...context }),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', resolve).once('error', () => resolve(null));
  });
  const printed = await text(child.stderr);
  if ((await exited) !== 0) throw new Error(`${app} does not synthesize.\n${withoutStack(printed)}`);
  return directory;
}

/** The message of the error that ended a Node process, or all that it printed. */
function withoutStack(printed: string): string {
  return printed.match(/^\w*Error: ([\s\S]*?)\n\s+at /m)?.[1] ?? printed.trim();
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
