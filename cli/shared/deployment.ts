import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Outputs } from '../../lib/outputs.ts';
import { type LocalService, localCredentials, readState } from '../../local/state.ts';
import { errorText } from './error-text.ts';

/** A deployment that a command works on: a stage on AWS, or the local run. */
export interface Deployment {
  /** What messages call it: a stack's name, or the local run's URL. */
  name: string;
  /** The stack's outputs. */
  outputs: Outputs;
  /** What the SDK's client of a service is created with. */
  client(service: LocalService | 's3'): ClientSettings;
  /** What the names of its alarms begin with. */
  alarmPrefix: string;
  /** The directory that stands for the archive's bucket; undefined for a stage. */
  archiveDirectory?: string;
}

interface ClientSettings {
  region?: string;
  profile?: string;
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

/** The options of a command that name its deployment, as `parseArgs` takes them. */
export const deploymentOptions = {
  stage: { type: 'string' },
  profile: { type: 'string' },
  region: { type: 'string' },
} as const;

export const deploymentUsage = `  --stage <stage>      a deployed stage (dev, prod); without it, the local run
  --profile <name>     AWS profile, as for the AWS CLI
  --region <name>      AWS region, as for the AWS CLI`;

export interface DeploymentChoice {
  stage?: string | undefined;
  profile?: string | undefined;
  region?: string | undefined;
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
 * @throws Error saying what to do if there is none
 */
export async function findDeployment(choice: DeploymentChoice): Promise<Deployment> {
  return choice.stage === undefined ? localDeployment() : deployedStage(choice.stage, choice);
}

function localDeployment(): Deployment {
  const state = readState();
  if (!state)
    throw new Error('No local run: start one with `npm start`, or name a deployed stack with --stage.');
  return {
    name: state.url,
    outputs: state.outputs,
    archiveDirectory: state.archive,
    // Its alarms are called by their logical ids.
    alarmPrefix: '',
    client: (service) => ({
      region: 'us-east-1',
      // There is no S3 here: a directory stands for the bucket.
      ...(service === 's3' ? {} : { endpoint: state.endpoints[service] }),
      credentials: localCredentials,
    }),
  };
}

async function deployedStage(stage: string, { profile, region }: DeploymentChoice): Promise<Deployment> {
  // As bin/app.ts names its stacks.
  const name = `ZavuWebhooks-${stage}`;
  const settings = { ...(profile ? { profile } : {}), ...(region ? { region } : {}) };
  const cloudFormation = new CloudFormationClient(settings);
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
    const outputs = (Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [
      OutputKey,
      OutputValue,
    ]);
    // CloudFormation puts a stack's name before the logical ids.
    const alarmPrefix = `${name}-`;
    return { name, outputs: Object.fromEntries(outputs), client: () => settings, alarmPrefix };
  } catch (error) {
    throw new Error(
      `${name} was not found: ${errorText(error)}. ` +
        'Check --stage, --region and --profile, or deploy it: `npx cdk deploy`.',
      { cause: error },
    );
  } finally {
    cloudFormation.destroy();
  }
}
