import { outputNames } from '../../lib/outputs.ts';
import { type DeliveryStream, deliveryStreams } from '../aws/firehose/firehose.ts';
import { Iam } from '../aws/iam/iam.ts';
import { type RequestContext, requestContexts } from '../aws/iam/request-context.ts';
import { type ServiceCalls, serviceCallsOf } from '../aws/service-calls/service-calls.ts';
import { type Assembly, resourcesOfType } from '../aws/template/assembly.ts';
import { type Addresses, createResolver, type Resolve, secretArn } from '../aws/template/intrinsics.ts';
import type { Credentials } from '../credentials.ts';
import type { EventSourceDefinition } from '../runtime/event-sources/definitions.ts';
import { eventSourceDefinitions } from '../runtime/event-sources/definitions.ts';
import { type FunctionDefinition, functionDefinitions } from '../runtime/functions/definitions.ts';
import { emulated } from './guests.ts';
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
 * @throws Error naming what the template has and the local run does not know
 */
export function planDeployment(whole: Assembly, addresses: Addresses, aws: AwsAccess): DeploymentPlan {
  const resolve = createResolver(whole.resources, addresses, whole);
  const { assembly, notEmulated } = emulated(whole, resolve);
  const functions = functionDefinitions(assembly, resolve, { AWS_ENDPOINT_URL: aws.endpoint }).map(
    (definition) => withCredentials(definition, aws.credentialsOf(definition.name)),
  );
  const outputs = Object.fromEntries(
    Object.entries(assembly.outputs).map(([name, { Value }]) => [name, String(resolve(Value))]),
  );
  const signingSecretName = outputs[outputNames.signingSecretName];
  return {
    assembly,
    resolve,
    iam: new Iam(assembly, resolve),
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
