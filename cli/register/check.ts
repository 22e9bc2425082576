import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createProgress, type Progress } from '../../lambda/reconcile/progress.ts';
import {
  type CheckedSender,
  checkSenders,
  type RegistrationProblem,
} from '../../lambda/reconcile/registration.ts';
import { outputNames } from '../../lib/outputs.ts';
import type { Deployment } from '../shared/deployment.ts';
import { printJson } from '../shared/print-json.ts';
import { routesOf } from '../shared/routes.ts';
import { table } from '../shared/table.ts';
import { apiKeyOf, createProject } from '../shared/zavu.ts';
import { webhookUrl } from './subscription.ts';

/** How long the whole of it may take, in milliseconds. */
const withinMs = 120_000;

const texts: Readonly<Record<RegistrationProblem, string>> = {
  points_elsewhere: 'its webhook has another URL: events do not come here',
  inactive: 'its webhook is switched off',
  events_missing: 'it is not subscribed to every event type that a worker handles',
  scheme_not_accepted: 'it signs with a scheme that is not accepted: every event is refused',
};

/**
 * Prints what is wrong with the webhooks of the senders that are registered at a deployment.
 *
 * @param url another URL that leads to the deployment, as in `register`
 * @returns whether all is well
 */
export async function checkWebhooks(
  deployment: Deployment,
  url: string | undefined,
  asJson: boolean,
): Promise<boolean> {
  const { WebhookUrl = '', AcceptedSignatures = '' } = deployment.outputs;
  const project = createProject(apiKeyOf(), AbortSignal.timeout(withinMs));
  const checked = await withProgress(deployment, (progress) =>
    checkSenders(
      // With `reconcile`, it is recorded which senders belong here. Without it, those belong here whose webhooks point here.
      // With another URL nothing is recorded: the hourly check knows only the deployment's own URL, and would page.
      { project, progress: url === undefined && progress ? progress : nothingRecorded },
      {
        url: webhookUrl(WebhookUrl, url, process.env.ZAVUDEV_BASE_URL ?? ''),
        accepted: AcceptedSignatures.split(','),
        routes: routesOf(deployment),
      },
    ),
  );
  if (asJson) printJson({ senders: checked });
  else print(deployment, checked);
  return checked.every(({ problems }) => problems.length === 0);
}

/**
 * Ends the watch of a sender.
 *
 * @returns whether it was watched
 */
export async function forgetSender(
  deployment: Deployment,
  sender: string,
  asJson: boolean,
): Promise<boolean> {
  const { projectId } = await createProject(apiKeyOf(), AbortSignal.timeout(withinMs)).identity();
  const wasWatched = await withProgress(deployment, async (progress) => {
    if (!progress)
      throw new Error(`${deployment.name} watches no senders: its setting \`reconcile\` is off.`);
    const senders = await progress.senders(projectId);
    await progress.forgetSender(projectId, sender);
    return senders.includes(sender);
  });
  if (asJson) printJson({ sender, wasWatched });
  else if (wasWatched) console.log(`${sender} is no longer watched.`);
  else
    console.error(
      `${sender} is not watched by ${deployment.name}: npx zavu-webhooks register --check lists the senders.`,
    );
  return wasWatched;
}

/** Hands over the progress of a deployment that reconciles; undefined for one that does not. */
async function withProgress<Result>(
  deployment: Deployment,
  use: (progress: Progress | undefined) => Promise<Result>,
): Promise<Result> {
  const { outputs } = deployment;
  const tableName = outputs[outputNames.apiKeySecretName] && outputs[outputNames.messagesTableName];
  if (!tableName) return use(undefined);
  const client = new DynamoDBClient(deployment.client('dynamodb'));
  try {
    return await use(createProgress({ client, tableName }));
  } finally {
    client.destroy();
  }
}

const nothingRecorded = {
  senders: async () => [],
  rememberSender: async () => undefined,
  forgetSender: async () => undefined,
};

function print({ name }: Deployment, checked: readonly CheckedSender[]): void {
  if (checked.length === 0) {
    console.log(`No sender of this project is registered at ${name}.`);
    return;
  }
  const rows = checked.flatMap(({ id, problems }) =>
    problems.length === 0 ? [[id, 'is as it should be']] : problems.map((problem) => [id, texts[problem]]),
  );
  console.log(table(['sender', 'webhook'], rows));
  if (checked.some(({ problems }) => problems.length > 0)) {
    console.error(
      'Set it right: npx zavu-webhooks register --sender <id>, with --take-over if it has another URL.',
    );
  }
}
