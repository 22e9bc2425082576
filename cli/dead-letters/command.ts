import { findDeployment } from '../shared/deployment.ts';
import { interruption } from '../shared/interruption.ts';
import { createSqs } from '../shared/worker-queues.ts';
import { parseChoice } from './options.ts';
import type { Kind } from './redrive-source.ts';
import { UsageError } from './usage-error.ts';
import { verbs } from './verbs.ts';

/**
 * Runs a command to its end, and sets the exit code: 0 where all went well, 1 where something failed or was cut
 * short, 2 where it was given wrongly.
 */
export async function run(kind: Kind, usage: string): Promise<void> {
  try {
    const choice = parseChoice(process.argv.slice(2), kind, Date.now());
    if (!choice) return console.log(usage);
    const { workers, filter, limit } = choice;
    const deployment = await findDeployment(choice.deployment);
    const { name, outputs } = deployment;
    const redriveSources = kind.redriveSources(outputs, workers);
    if (redriveSources.length === 0) {
      throw new Error(`${name} has no such queue of ${kind.noun}s: deploy this version, \`npx cdk deploy\`.`);
    }
    const sqs = createSqs(deployment);
    const signal = interruption(
      'Finishing what is in hand and giving the others back. Ctrl-C again ends at once.',
    );
    try {
      const scope = { sqs, outputs, redriveSources, workers, filter, limit, signal };
      const isWell = await verbs[choice.verb]({ kind, choice, scope });
      process.exitCode = isWell && !signal.aborted ? 0 : 1;
    } finally {
      sqs.destroy();
    }
  } catch (error) {
    process.exitCode = error instanceof UsageError ? 2 : 1;
    console.error(explain(error));
    if (error instanceof UsageError) console.error(`See npm run ${kind.command} -- --help`);
  }
}

/** What to do about an error, by its name or its code. */
const errorHints: [RegExp, string][] = [
  [
    /AccessDenied/,
    'It takes sqs:GetQueueAttributes, ReceiveMessage, ChangeMessageVisibility and DeleteMessage on the queue where ' +
      "they rest, and sqs:SendMessage on the workers' queues.",
  ],
  [/Expired|InvalidClientTokenId|Credentials/, 'Sign in again, `aws sso login`, or name another --profile.'],
  [
    /QueueDoesNotExist|NonExistentQueue/,
    'The stack and its queues differ: `npx cdk deploy` puts them right.',
  ],
  [/ECONNREFUSED|ENOTFOUND|TimeoutError|ECONNRESET/, 'Check the network, or whether `npm start` still runs.'],
];

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  const [, mend] = errorHints.find(([pattern]) => pattern.test(`${error.name} ${code}`)) ?? [];
  return [error.message || code || error.name, ...(mend ? [mend] : [])].join('\n');
}
