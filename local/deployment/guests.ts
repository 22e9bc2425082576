import { CompositeAlarm } from '../aws/cloudwatch/composite-alarm.ts';
import { MetricAlarm } from '../aws/cloudwatch/metric-alarm.ts';
import { MetricFilter } from '../aws/cloudwatch/metric-filter.ts';
import { Iam } from '../aws/iam/iam.ts';
import { callsOfResource, unknownProperties } from '../aws/service-calls/service-calls.ts';
import type { Assembly, Resource } from '../aws/template/assembly.ts';
import { UnknownIntrinsic } from '../aws/template/intrinsics.ts';
import type { Resolve } from '../aws/template/resolve.ts';
import { functionDefinitions } from '../runtime/functions/definitions.ts';
import { scheduleDefinitions } from '../runtime/schedules/schedule.ts';

/**
 * What the user may put around the construct's own parts, by VPC, layers and Aspects, and what the local run does
 * without.
 */
const aroundOwnParts: Readonly<Record<string, readonly string[]>> = {
  'AWS::IAM::Role': ['PermissionsBoundary'],
  'AWS::Lambda::Function': ['KmsKeyArn', 'Layers', 'VpcConfig'],
};
const typesAroundOwnParts = /^AWS::EC2::SecurityGroup/;

/** What of an assembly is emulated, and what is not. */
interface Emulated {
  assembly: Assembly;
  /** In words, for people: `AWS::S3::Bucket (Photos)`, `StreamSpecification of AWS::DynamoDB::Table (Orders)`. */
  notEmulated: string[];
}

/**
 * Leaves out what is not known of a stack's guests, the resources beside the webhooks' construct: they must not keep it
 * from running. What is not known of the construct's own parts stays, and is an error where it is read.
 */
export function emulated(assembly: Assembly, resolve: Resolve): Emulated {
  const { guests = new Set() } = assembly;
  const resources: Record<string, Resource> = { ...assembly.resources };
  const left = new Map<string, string[]>();
  const note = (what: string, id: string) => left.set(what, [...(left.get(what) ?? []), id]);

  for (const [id, resource] of Object.entries(resources)) {
    const { Type, Properties } = resource;
    const isGuest = guests.has(id);
    const unknown = unknownProperties(resource);
    const strange = unknown?.filter((name) => isGuest || aroundOwnParts[Type]?.includes(name)) ?? [];
    for (const name of strange) note(`${name} of ${Type}`, id);
    const known = Object.entries(Properties).filter(([name]) => !strange.includes(name));
    resources[id] = { ...resource, Properties: Object.fromEntries(known) };
    if (unknown || !(isGuest || typesAroundOwnParts.test(Type))) continue;
    note(Type, id);
    delete resources[id];
  }
  // What leads to something that is left out is left out, too.
  const unreadable = () => {
    for (const [id, { Type }] of Object.entries(resources)) {
      const obstacle = guests.has(id) && obstacleTo(id, { ...assembly, resources }, resolve);
      if (obstacle)
        return { id, what: obstacle instanceof UnknownIntrinsic ? `${obstacle.intrinsic} of ${Type}` : Type };
    }
    return undefined;
  };
  for (let found = unreadable(); found; found = unreadable()) {
    note(found.what, found.id);
    delete resources[found.id];
  }
  const absent = Object.entries(assembly.resources).filter(([id]) => !(id in resources));
  return {
    assembly: { ...assembly, resources, absent: { ...assembly.absent, ...Object.fromEntries(absent) } },
    notEmulated: [...left].map(([what, ids]) => `${what} (${ids.join(', ')})`),
  };
}

/** Why something that reads a resource cannot read this one; undefined if all can. */
function obstacleTo(id: string, assembly: Assembly, resolve: Resolve): unknown {
  const resource = assembly.resources[id];
  if (!resource) return undefined;
  const alone = { ...assembly, resources: { [id]: resource } };
  try {
    resolve(resource.Properties);
    callsOfResource(id, assembly, resolve);
    new Iam(alone, resolve);
    functionDefinitions(alone, resolve, {});
    scheduleDefinitions(alone, resolve, new Map());
    if (resource.Type === 'AWS::CloudWatch::Alarm') new MetricAlarm(id, resource, resolve);
    if (resource.Type === 'AWS::CloudWatch::CompositeAlarm') new CompositeAlarm(id, resource, resolve);
    if (resource.Type === 'AWS::Logs::MetricFilter') new MetricFilter(id, resource, resolve);
    return undefined;
  } catch (error) {
    return error;
  }
}
