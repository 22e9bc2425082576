import { Stage } from 'aws-cdk-lib';
import { readAssembly } from '../../local/aws/template/assembly.ts';
import { createResolver } from '../../local/aws/template/intrinsics.ts';
import { type FunctionDefinition, functionDefinitions } from '../../local/runtime/functions/definitions.ts';
import { createStack } from './template.ts';

const addresses = { queueUrl: (id: string) => `https://sqs/${id}`, apiEndpoint: 'https://api' };

/**
 * The functions of a stack, each by the name that its budget has (budgets.ts). A test that takes their bundles unmocks
 * lib/functions/bundle.ts.
 *
 * @param settings as in `-c`
 */
export function bundledFunctions(settings: Record<string, unknown>): FunctionDefinition[] {
  const app = Stage.of(createStack(settings));
  const assembly = readAssembly(app?.synth().directory ?? '');
  return functionDefinitions(assembly, createResolver(assembly.resources, addresses), {}).map(
    ({ name, ...definition }) => ({ name: name.replace(/(Worker)?Function[0-9A-F]{8}$/, ''), ...definition }),
  );
}
