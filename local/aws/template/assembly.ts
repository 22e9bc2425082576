import { outputsOf } from '../../../lib/outputs.ts';
import { readStacks, type SynthesizedStack, type Template } from './cloud-assembly.ts';
import { owners } from './ownership.ts';
import { selectDeployment } from './selection.ts';

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  /** How CloudFormation changes it, if that is more than a call of its service. */
  UpdatePolicy?: Record<string, unknown>;
  /** Name of a condition, without which it is not created. */
  Condition?: string | undefined;
}

/** A synthesized stack: its template, and the directories that hold the code of its functions. */
export interface Assembly {
  resources: Readonly<Record<string, Resource>>;
  outputs: Readonly<Record<string, { Value: unknown }>>;
  /** Directory of an asset, by the S3 key that the template gives it. */
  assetDirectory(s3Key: string): string;
  /**
   * Logical ids of the resources that stand beside the webhooks' construct: what is not known of these stops nothing.
   *
   * @default none
   */
  guests?: ReadonlySet<string>;
  /**
   * Resources of the template that are not run here, for what refers to them.
   *
   * @default none
   */
  absent?: Readonly<Record<string, Resource>>;
  /**
   * Parameters of the template.
   *
   * @default none
   */
  parameters?: NonNullable<Template['Parameters']>;
  /**
   * Conditions of the template, by name.
   *
   * @default none
   */
  conditions?: NonNullable<Template['Conditions']>;
  /**
   * Mappings of the template, by name.
   *
   * @default none
   */
  mappings?: NonNullable<Template['Mappings']>;
  /**
   * The stack of the app that exports a value under a name.
   *
   * @default no stack exports anything
   */
  exporterOf?(exportName: string): string | undefined;
}

/** The assembly that the local run deploys, of all that an app has. */
export interface ChosenAssembly extends Assembly {
  /** What else the app has and is not deployed: stacks, and other constructs that receive webhooks. */
  notRun: readonly string[];
}

/**
 * Reads the stack of a cloud assembly that receives Zavu's webhooks.
 *
 * @param wanted `<stack>` or `<stack>/<construct>`, if there are several
 * @throws Error if there is none, or none of that name, or several fit
 */
export function readAssembly(directory: string, wanted?: string): ChosenAssembly {
  const stacks = readStacks(directory);
  const selection = selectDeployment(stacks, wanted);
  const { stack, otherPrefixes } = selection;
  const ownerOf = owners(selection);
  const resources = Object.entries(stack.template.Resources ?? {}).map(
    ([id, { Type, Properties = {}, UpdatePolicy = {}, Condition }]): [string, Resource] => [
      id,
      { Type, Properties, UpdatePolicy, Condition },
    ],
  );
  // There is one HTTP API here: what belongs to another cannot be told from it.
  const isRun = ([id, { Type }]: [string, Resource]) =>
    ownerOf(id) === 'own' || (ownerOf(id) === 'guest' && !Type.startsWith('AWS::ApiGatewayV2::'));
  return {
    resources: Object.fromEntries(resources.filter(isRun)),
    absent: Object.fromEntries(resources.filter((each) => !isRun(each))),
    guests: new Set(resources.flatMap(([id]) => (ownerOf(id) === 'guest' ? [id] : []))),
    outputs: outputsOf(stack.template.Outputs ?? {}, selection.prefix),
    parameters: stack.template.Parameters ?? {},
    conditions: stack.template.Conditions ?? {},
    mappings: stack.template.Mappings ?? {},
    exporterOf: exporters(stacks),
    assetDirectory(s3Key) {
      const asset = stack.assetDirectory(s3Key);
      if (!asset) throw new Error(`The assembly has no asset ${s3Key}.`);
      return asset;
    },
    notRun: [
      ...stacks.filter((other) => other !== stack).map(({ displayName }) => displayName),
      ...otherPrefixes.map((prefix) => `${stack.displayName}/${prefix || 'Default'}`),
    ],
  };
}

function exporters(stacks: readonly SynthesizedStack[]): (exportName: string) => string | undefined {
  const names = stacks.flatMap(({ displayName, template: { Outputs = {} } }) =>
    Object.values(Outputs).flatMap(({ Export }): [string, string][] =>
      typeof Export?.Name === 'string' ? [[Export.Name, displayName]] : [],
    ),
  );
  const byName = new Map(names);
  return (exportName) => byName.get(exportName);
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
