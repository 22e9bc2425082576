import type { Assembly } from '../template/assembly.ts';
import type { Resolve } from '../template/intrinsics.ts';
import { alarmTypes } from './alarms.ts';
import { deliveryStreamTypes } from './delivery-stream.ts';
import { deploymentTypes } from './deployments.ts';
import { eventBusTypes } from './event-bus.ts';
import { functionTypes } from './functions.ts';
import { httpApiTypes } from './http-api.ts';
import { passiveTypes } from './passive.ts';
import { queueTypes } from './queues.ts';
import { type ResourceType, type ServiceCall, TemplateResource } from './resource-type.ts';

const resourceTypes: Readonly<Record<string, ResourceType>> = {
  ...alarmTypes,
  ...deliveryStreamTypes,
  ...deploymentTypes,
  ...eventBusTypes,
  ...functionTypes,
  ...httpApiTypes,
  ...passiveTypes,
  ...queueTypes,
};

export interface ServiceCalls {
  /** Every call that services make of each other for the deployment, and that its template has to permit. */
  calls: ServiceCall[];
  /** What the template does not decide, each once. */
  undecided: string[];
}

/**
 * Finds what the resources of a template call, without what the code of their functions calls.
 *
 * @throws Error naming a resource whose type, property or target is not known here, and what to do
 */
export function serviceCallsOf(assembly: Assembly, resolve: Resolve): ServiceCalls {
  const undecided = new Set<string>();
  const template = {
    resources: assembly.resources,
    resolve,
    undecided: (text: string) => void undecided.add(text),
  };
  const calls = Object.entries(assembly.resources).flatMap(([id, resource]) => {
    const resourceType = resourceTypes[resource.Type];
    if (!resourceType) {
      throw new Error(
        `The local run does not know what ${id}, an ${resource.Type}, calls. ` +
          'Add its type to local/aws/service-calls/, or leave it out of the template.',
      );
    }
    const subject = new TemplateResource(id, resource, template);
    subject.knowsOnly(resourceType.properties);
    return resourceType.calls?.(subject) ?? [];
  });
  return { calls, undecided: [...undecided] };
}
