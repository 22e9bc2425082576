import type { Assembly, Resource } from '../template/assembly.ts';
import type { Resolve } from '../template/resolve.ts';
import { alarmTypes } from './alarms.ts';
import { deliveryStreamTypes } from './delivery-stream.ts';
import { deploymentTypes } from './deployments.ts';
import { eventBusTypes } from './event-bus.ts';
import { functionTypes } from './functions.ts';
import { httpApiTypes } from './http-api.ts';
import { passiveTypes } from './passive.ts';
import { queueTypes } from './queues.ts';
import { type ResourceType, type ServiceCall, TemplateResource } from './resource-type.ts';
import { topicTypes } from './topics.ts';

const resourceTypes: Readonly<Record<string, ResourceType>> = {
  ...alarmTypes,
  ...deliveryStreamTypes,
  ...deploymentTypes,
  ...eventBusTypes,
  ...functionTypes,
  ...httpApiTypes,
  ...passiveTypes,
  ...queueTypes,
  ...topicTypes,
};

/** The types of resources that are known here. */
export const knownTypes = Object.keys(resourceTypes);

export interface ServiceCalls {
  /** Every call that services make of each other for the deployment, and that its template has to permit. */
  calls: ServiceCall[];
  /** What the template does not decide, each once. */
  undecided: string[];
}

/**
 * The properties of a resource that are not known here.
 *
 * @returns undefined if its whole type is not known
 */
export function unknownProperties({ Type, Properties }: Resource): string[] | undefined {
  const known = resourceTypes[Type]?.properties;
  return known && Object.keys(Properties).filter((name) => !known.includes(name));
}

/**
 * Finds what the resources of a template call, without what the code of their functions calls.
 *
 * @throws Error naming a resource whose type, property or target is not known here, and what to do
 */
export function serviceCallsOf(assembly: Assembly, resolve: Resolve): ServiceCalls {
  const undecided = new Set<string>();
  const calls = Object.keys(assembly.resources).flatMap((id) => {
    const found = callsOfResource(id, assembly, resolve);
    for (const text of found.undecided) undecided.add(text);
    return found.calls;
  });
  return { calls, undecided: [...undecided] };
}

/** Finds what one resource of a template calls; it throws as `serviceCallsOf` does. */
export function callsOfResource(
  id: string,
  { resources }: Pick<Assembly, 'resources'>,
  resolve: Resolve,
): ServiceCalls {
  const undecided: string[] = [];
  const resource = resources[id];
  const resourceType = resource && resourceTypes[resource.Type];
  if (!resourceType) {
    throw new Error(
      `The local run does not know what ${id}, an ${resource?.Type}, calls. ` +
        'Add its type to local/aws/service-calls/, or leave it out of the template.',
    );
  }
  const template = { resources, resolve, undecided: (text: string) => void undecided.push(text) };
  const subject = new TemplateResource(id, resource, template);
  subject.knowsOnly(resourceType.properties);
  return { calls: resourceType.calls?.(subject) ?? [], undecided };
}
