import { UsageError } from './command.ts';

/** How a command's options name a deployment: what `onDeployment` (cli/shared/options.ts) lets a person say. */
export interface DeploymentChoice {
  stage?: string | undefined;
  stack?: string | undefined;
  profile?: string | undefined;
  region?: string | undefined;
  /** The port of the local run, if several run. */
  port?: string | undefined;
}

/** A stack, and one construct in it if that was named. */
export interface NamedStack {
  stack: string;
  /** What the construct's outputs begin with. */
  construct: string | undefined;
}

/**
 * The stack that options name.
 *
 * @returns undefined if they name none: then the local run is meant
 * @throws UsageError if they name it twice, if it is no name, or if an option would say nothing about what is meant
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-console-create-stack-name.html
 */
export function readStackName({
  stage,
  stack,
  profile,
  region,
  port,
}: DeploymentChoice): NamedStack | undefined {
  if (stage !== undefined && stack !== undefined) {
    throw new UsageError(
      `--stage ${stage} is short for --stack ${stackOfStage(stage)}: give --stage or --stack, not both.`,
    );
  }
  const text = stage === undefined ? stack : stackOfStage(stage);
  if (text === undefined) {
    if (profile === undefined && region === undefined) return undefined;
    // A person who gives them means AWS, and would change the local run.
    throw new UsageError(
      '--profile and --region choose where a stack is: name it, too, with --stack or --stage.',
    );
  }
  if (port !== undefined) {
    throw new UsageError(
      '--port chooses a local run, and --stack and --stage a stack on AWS: give one of them.',
    );
  }
  const [name = '', ...construct] = text.split('/');
  if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(name)) {
    throw new UsageError(`"${text}" names no stack: give --stack <name>, or --stack <name>/<construct>.`);
  }
  return { stack: name, construct: construct.length === 0 ? undefined : outputPrefixOf(construct) };
}

/** As the app that `init` writes names its stacks, and the repository's own app, too. */
function stackOfStage(stage: string): string {
  return `ZavuWebhooks-${stage}`;
}

/** As CDK makes an output's name of a construct's ids: without `Default`, letters and digits alone. */
function outputPrefixOf(ids: readonly string[]): string {
  return ids
    .filter((id) => id !== 'Default')
    .join('')
    .replace(/[^A-Za-z0-9]/g, '');
}
