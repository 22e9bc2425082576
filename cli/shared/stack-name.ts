import { UsageError } from './command.ts';

/** How a command's options name a deployment on AWS. */
export interface StackChoice {
  stage?: string | undefined;
  stack?: string | undefined;
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
 * @throws UsageError if they name it twice, or if it is no name
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-console-create-stack-name.html
 */
export function readStackName({ stage, stack }: StackChoice): NamedStack | undefined {
  if (stage !== undefined && stack !== undefined) {
    throw new UsageError(
      `--stage ${stage} is short for --stack ${stackOfStage(stage)}: give --stage or --stack, not both.`,
    );
  }
  const text = stage === undefined ? stack : stackOfStage(stage);
  if (text === undefined) return undefined;
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
