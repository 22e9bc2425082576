import type { Assembly, Resource } from '../../local/aws/template/assembly.ts';
import { createResolver } from '../../local/aws/template/intrinsics.ts';
import type { Resolve } from '../../local/aws/template/resolve.ts';

/** Resources of a template as the local run has them, with a resolver. Their functions have no code. */
export function assemblyOf(resources: Record<string, Partial<Resource> & { Type: string }>): {
  assembly: Assembly;
  resolve: Resolve;
} {
  const entries = Object.entries(resources).map(([id, { Properties = {}, ...rest }]): [string, Resource] => [
    id,
    { Properties, ...rest },
  ]);
  const complete = Object.fromEntries(entries);
  const addresses = {
    queueUrl: (id: string) => `http://127.0.0.1/000000000000/${id}`,
    apiEndpoint: 'http://127.0.0.1',
  };
  return {
    assembly: { resources: complete, outputs: {}, assetDirectory: () => '' },
    resolve: createResolver(complete, addresses),
  };
}
