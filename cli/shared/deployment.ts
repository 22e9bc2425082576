import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { type Outputs, outputPrefixes } from '../../lib/outputs.ts';
import { type LocalService, readState } from '../../local/state.ts';
import { chooseConstruct } from './constructs.ts';
import { errorText } from './error-text.ts';
import { type DeploymentChoice, type NamedStack, readStackName } from './stack-name.ts';

/** A deployment that a command works on: a construct of a stack on AWS, or the local run. */
export interface Deployment {
  /** What messages call it: a stack's name, with its construct's if that is not all of it; or the local run's URL. */
  name: string;
  /** Its outputs, by the names that they have if it is all of its stack. */
  outputs: Outputs;
  /** What the SDK's client of a service is created with. */
  client(service: LocalService | 's3'): ClientSettings;
  /** What the names of its alarms begin with. */
  alarmPrefix: string;
  /** The directory that stands for the archive's bucket; undefined on AWS. */
  archiveDirectory?: string;
}

interface ClientSettings {
  region?: string;
  profile?: string;
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

/**
 * The error of commands that change what only this version's functions can read. An earlier version called the queue of
 * unrouted events otherwise, and so does its output.
 *
 * @returns undefined if the deployment is of this version
 */
export function earlierVersionError({
  name,
  outputs,
}: Pick<Deployment, 'name' | 'outputs'>): Error | undefined {
  if (outputs.UnroutedQueueUrl) return undefined;
  return new Error(`${name} is of an earlier version. Deploy it first: \`npx cdk deploy\`.`);
}

/**
 * Finds the deployment that a command's options name.
 *
 * @throws UsageError if they name a stack twice; Error saying what to do if there is none, or if there are several
 */
export async function findDeployment(choice: DeploymentChoice): Promise<Deployment> {
  const named = readStackName(choice);
  return named ? deployedStack(named, choice) : localDeployment(choice.port);
}

function localDeployment(port: string | undefined): Deployment {
  const state = readState(port);
  if (!state)
    throw new Error(
      'No local run: start one with `npx zavu-webhooks start`, or name a deployed stack with --stack.',
    );
  if (outputPrefixes(state.outputs).length > 1) {
    throw new Error(
      'The local run holds several ZavuWebhooks, and commands cannot tell them apart: start it with one.',
    );
  }
  const { prefix, outputs } = chooseConstruct('The local run', state.outputs, undefined);
  return {
    name: state.url,
    outputs,
    archiveDirectory: state.archive,
    // Its alarms are called by their logical ids.
    alarmPrefix: prefix,
    client: (service) => ({
      region: 'us-east-1',
      // There is no S3 here: a directory stands for the bucket.
      ...(service === 's3' ? {} : { endpoint: state.endpoints[service] }),
      credentials: state.credentials,
    }),
  };
}

async function deployedStack(
  { stack, construct }: NamedStack,
  { profile, region }: DeploymentChoice,
): Promise<Deployment> {
  const settings = { ...(profile ? { profile } : {}), ...(region ? { region } : {}) };
  const all = await outputsOfStack(stack, settings);
  const { prefix, outputs } = chooseConstruct(stack, all, construct);
  return {
    name: prefix === '' ? stack : `${stack}/${prefix}`,
    outputs,
    client: () => settings,
    // CloudFormation puts a stack's name before the logical ids, which begin with the construct's.
    alarmPrefix: prefix === '' ? `${stack}-` : `${stack}-${prefix}Monitoring`,
  };
}

async function outputsOfStack(name: string, settings: ClientSettings): Promise<Record<string, string>> {
  const cloudFormation = new CloudFormationClient(settings);
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
    const outputs = Stacks[0]?.Outputs ?? [];
    return Object.fromEntries(
      outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    );
  } catch (error) {
    throw new Error(
      `${name} was not found: ${errorText(error)}. ` +
        'Check the name of the stack, --region and --profile, or deploy it: `npx cdk deploy`.',
      { cause: error },
    );
  } finally {
    cloudFormation.destroy();
  }
}
