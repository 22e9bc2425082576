import { outputNames } from '../../lib/outputs.ts';
import { type DeliveryStream, deliveryStreams } from '../aws/firehose/firehose.ts';
import { Iam } from '../aws/iam/iam.ts';
import { type RequestContext, requestContexts } from '../aws/iam/request-context.ts';
import { type ServiceCalls, serviceCallsOf } from '../aws/service-calls/service-calls.ts';
import { type Assembly, type Resource, resourcesOfType } from '../aws/template/assembly.ts';
import { holds } from '../aws/template/conditions.ts';
import { type Addresses, createResolver, secretArn } from '../aws/template/intrinsics.ts';
import type { Resolve } from '../aws/template/resolve.ts';
import type { Credentials } from '../credentials.ts';
import type { EventSourceDefinition } from '../runtime/event-sources/definitions.ts';
import { eventSourceDefinitions } from '../runtime/event-sources/definitions.ts';
import { type FunctionDefinition, functionDefinitions } from '../runtime/functions/definitions.ts';
import { AbsentResources } from './absent-resources.ts';
import { emulated } from './guests.ts';
import { type AppliedVariables, applyVariables, type LocalVariables } from './local-variables.ts';
import { type UserSecret, userSecrets } from './secrets.ts';

/** What a template asks for. Nothing of it is there yet. */
export interface DeploymentPlan {
  assembly: Assembly;
  resolve: Resolve;
  iam: Iam;
  serviceCalls: ServiceCalls;
  requestContext: RequestContext;
  functions: readonly FunctionDefinition[];
  eventSources: readonly PlannedEventSource[];
  /** Delivery streams by name. */
  streams: ReadonlyMap<string, DeliveryStream>;
  /** Logical id of the HTTP API; '' if there is none. */
  apiId: string;
  /** ARN of the signing secret; undefined if the template's outputs name none. */
  signingSecret: string | undefined;
  /** The secrets that are the user's own. */
  userSecrets: readonly UserSecret[];
  /** What stands beside the webhooks' construct, or around its parts, and is not emulated, in words. */
  notEmulated: readonly string[];
  /** What the app imports. */
  absent: AbsentResources;
  /** What became of the variables of .env.local. */
  variables: AppliedVariables;
  outputs: Readonly<Record<string, string>>;
}

/** How functions reach the local AWS. */
export interface AwsAccess {
  endpoint: string;
  /** The credentials of a function, which tell the endpoint whose permissions count. */
  credentialsOf(functionName: string): Credentials;
}

/** An event source, and the function that it invokes. */
export interface PlannedEventSource {
  source: EventSourceDefinition;
  target: FunctionDefinition;
}

/**
 * Reads all that a deployment needs out of its template. It starts and changes nothing.
 *
 * @param whole with what is not emulated
 * @param addresses where queues and the HTTP API answer
 * @param aws what functions call
 * @param variables those of .env.local, and those that give secrets their texts
 * @default no variables
 * @throws Error naming what the template has and the local run does not know
 */
export function planDeployment(
  whole: Assembly,
  addresses: Addresses,
  aws: AwsAccess,
  variables: LocalVariables = { ofFile: {}, ofSecrets: {} },
): DeploymentPlan {
  const resolve = createResolver(whole.resources, addresses, whole);
  const { assembly, notEmulated } = emulated(created(whole, resolve), resolve);
  const { functions: withVariables, ...applied } = applyVariables(
    functionDefinitions(assembly, resolve, { AWS_ENDPOINT_URL: aws.endpoint }),
    variables.ofFile,
    assembly.guests,
  );
  // After those of the user, so that nothing stands in their place.
  const functions = withVariables.map((definition) =>
    withCredentials(definition, aws.credentialsOf(definition.name)),
  );
  const iam = new Iam(assembly, resolve);
  const outputs = Object.fromEntries(
    Object.entries(assembly.outputs).map(([name, { Value }]) => [name, String(resolve(Value))]),
  );
  const signingSecretName = outputs[outputNames.signingSecretName];
  return {
    assembly,
    resolve,
    iam,
    serviceCalls: serviceCallsOf(assembly, resolve),
    requestContext: requestContexts(assembly, resolve),
    functions,
    eventSources: eventSourceDefinitions(assembly, resolve, addresses.queueUrl).map(
      ({ functionName, ...source }) => {
        const target = functions.find(({ name }) => name === functionName);
        if (!target) throw new Error(`An event source leads to ${functionName}, which is no function.`);
        return { source, target };
      },
    ),
    streams: new Map(deliveryStreams(assembly, resolve)),
    apiId: resourcesOfType(assembly, 'AWS::ApiGatewayV2::Api')[0]?.[0] ?? '',
    signingSecret: signingSecretName === undefined ? undefined : secretArn(signingSecretName),
    userSecrets: userSecrets(assembly, resolve, signingSecretName ?? ''),
    notEmulated,
    absent: new AbsentResources(assembly, resolve, iam.grants, variables.ofSecrets),
    variables: applied,
    outputs,
  };
}

function withCredentials(
  definition: FunctionDefinition,
  { accessKeyId, secretAccessKey }: Credentials,
): FunctionDefinition {
  const credentials = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  return { ...definition, environment: { ...definition.environment, ...credentials } };
}

/** An assembly without the resources whose conditions do not hold. */
function created(assembly: Assembly, resolve: Resolve): Assembly {
  const { resources, conditions = {}, absent } = assembly;
  const isCreated = ([, { Condition }]: [string, Resource]) =>
    Condition === undefined || holds(conditions, { Condition }, resolve);
  const entries = Object.entries(resources);
  const others = Object.fromEntries(entries.filter((each) => !isCreated(each)));
  return {
    ...assembly,
    resources: Object.fromEntries(entries.filter(isCreated)),
    absent: { ...absent, ...others },
  };
}
