import { outputNames } from '../../../lib/outputs.ts';
import type { Template } from './cloud-assembly.ts';
import type { Selection } from './selection.ts';

/** Outputs that lead to parts all over the construct. */
const landmarks = [
  outputNames.webhookUrl,
  outputNames.signingSecretName,
  outputNames.idempotencyTableName,
  outputNames.unroutedQueueUrl,
];

/**
 * Whose a resource is: the chosen construct's own, a guest that stands beside it in the stack, or of another construct
 * that receives webhooks.
 */
export type Owner = 'own' | 'guest' | 'other';

/**
 * Tells whose the resources of a stack are, by the construct's path that CDK writes down for each. Without such paths,
 * all are the construct's own.
 */
export function owners({ stack: { template }, prefix, otherPrefixes }: Selection): (id: string) => Owner {
  const own = rootOf(template, prefix);
  const others = otherPrefixes.map((other) => rootOf(template, other));
  return (id) => {
    const path = pathOf(template, id);
    if (own === undefined || path === undefined) return 'own';
    if (isWithin(path, own)) return 'own';
    return others.some((other) => other !== undefined && isWithin(path, other)) ? 'other' : 'guest';
  };
}

/** The path of the construct whose outputs begin with a prefix: where the paths of its parts meet. */
function rootOf(template: Template, prefix: string): string[] | undefined {
  const { Resources = {}, Outputs = {} } = template;
  const paths = landmarks
    .flatMap((name) => JSON.stringify(Outputs[`${prefix}${name}`]?.Value ?? '').match(/\w+/g) ?? [])
    .filter((word) => word in Resources)
    .flatMap((id) => {
      const path = pathOf(template, id);
      return path ? [path] : [];
    });
  const [first] = paths;
  // The last segment of most paths is the same, which says nothing.
  const parting = first?.findIndex((segment, depth) => paths.some((path) => path[depth] !== segment));
  return parting === -1 ? first : first?.slice(0, parting);
}

function pathOf({ Resources = {} }: Template, id: string): string[] | undefined {
  const path = Resources[id]?.Metadata?.['aws:cdk:path'];
  return typeof path === 'string' ? path.split('/') : undefined;
}

function isWithin(path: readonly string[], root: readonly string[]): boolean {
  return root.every((segment, depth) => path[depth] === segment);
}
