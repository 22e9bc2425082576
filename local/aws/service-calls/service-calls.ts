import type { Assembly } from '../template/assembly.ts';
import type { Resolve } from '../template/intrinsics.ts';
import { alarmKinds } from './alarms.ts';
import { deliveryStreamKinds } from './delivery-stream.ts';
import { deploymentKinds } from './deployments.ts';
import { eventBusKinds } from './event-bus.ts';
import { functionKinds } from './functions.ts';
import { httpApiKinds } from './http-api.ts';
import { passiveKinds } from './passive.ts';
import { queueKinds } from './queues.ts';
import { type Edge, type Kind, Part } from './resource-type.ts';

const kinds: Readonly<Record<string, Kind>> = {
  ...alarmKinds,
  ...deliveryStreamKinds,
  ...deploymentKinds,
  ...eventBusKinds,
  ...functionKinds,
  ...httpApiKinds,
  ...passiveKinds,
  ...queueKinds,
};

export interface Edges {
  /** Every call that the services of the deployment make of each other, for the template to permit. */
  edges: Edge[];
  /** What the template does not decide, each once. */
  notes: string[];
}

/**
 * Finds what the resources of a template call, beside what their functions' code does.
 *
 * @throws Error naming a resource whose type, property or target is not known here, and what to do
 */
export function edgesOf(assembly: Assembly, resolve: Resolve): Edges {
  const notes = new Set<string>();
  const template = { resources: assembly.resources, resolve, note: (text: string) => void notes.add(text) };
  const edges = Object.entries(assembly.resources).flatMap(([id, resource]) => {
    const kind = kinds[resource.Type];
    if (!kind) {
      throw new Error(
        `The local stack does not know whom ${id} calls, which is an ${resource.Type}. ` +
          'Add its type to local/aws/service-calls/, or leave it out of the template.',
      );
    }
    const part = new Part(id, resource, template);
    part.knowsOnly(kind.properties);
    return kind.edges?.(part) ?? [];
  });
  return { edges, notes: [...notes] };
}
