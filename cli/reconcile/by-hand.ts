import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SingleBar } from 'cli-progress';
import { createKnownItems } from '../../lambda/messages/known-items.ts';
import { createZavuProject } from '../../lambda/reconcile/api/zavu-project.ts';
import { createProgress } from '../../lambda/reconcile/progress.ts';
import { comparedSince, reconcileSpan } from '../../lambda/reconcile/project-run.ts';
import { QueueFeed } from '../../lambda/reconcile/queue-feed.ts';
import type { Report } from '../../lambda/reconcile/report.ts';
import { recoveredIn } from '../../lambda/reconcile/report.ts';
import type { Reconciler } from '../../lambda/reconcile/run.ts';
import { longestLookBackDays, longestLookBackMs, settledAfterMs } from '../../lambda/reconcile/window.ts';
import { createLogger } from '../../lambda/shared/log.ts';
import { outputNames } from '../../lib/outputs.ts';
import { UsageError } from '../shared/command.ts';
import type { Deployment } from '../shared/deployment.ts';
import { routesOf } from '../shared/routes.ts';
import { readApiKeys } from './api-keys.ts';

interface ByHandOptions {
  /** Milliseconds since the epoch. */
  from: number;
  /** @default 6 hours ago */
  to: number | undefined;
  /** An empty list means all. */
  types: readonly string[];
  /** Whether `from` may be before this deployment began to record what it handles, or longer ago than its items may last. */
  isForced: boolean;
  isDryRun: boolean;
  /** Ends it after the page in hand. */
  signal: AbortSignal;
}

/** What a person waits for may take more of Zavu's 600 requests a minute than what nobody waits for. */
const requestsPerMinute = 240;

/**
 * Reconciles a span of time in each project whose API key is stored, and draws a bar.
 *
 * @returns a report for each project
 * @throws UsageError if the span is too young or too old; Error saying what to do if the deployment does not reconcile, or if
 * an hourly run is under way
 */
export async function reconcileByHand(deployment: Deployment, options: ByHandOptions): Promise<Report[]> {
  const { from, isForced, isDryRun, types, signal } = options;
  const settled = Date.now() - settledAfterMs;
  const { to = settled } = options;
  if (to > settled || from >= to) {
    throw new UsageError(
      'Zavu may still send what is less than 6 hours old. Give a --from that is older, and a --to of 6h or more.',
    );
  }
  if (!isForced && !isDryRun && from < Date.now() - longestLookBackMs) {
    throw new UsageError(
      `--from is more than ${longestLookBackDays} days ago. What was handled then may have been deleted from the messages table ` +
        '(`messageRetentionDays`), and handlers would see it again. Look with --dry-run what is missing. If that is right, say --force.',
    );
  }
  const routes = routesOf(deployment);
  const unknown = types.filter((type) => !routes.workerFor(type));
  if (unknown.length > 0)
    throw new UsageError(`No worker of ${deployment.name} handles ${unknown.join(', ')}.`);
  const tableName = deployment.outputs[outputNames.messagesTableName] ?? '';
  const keys = await readApiKeys(deployment);

  const dynamoDb = new DynamoDBClient(deployment.client('dynamodb'));
  const sqs = new SQSClient({ ...deployment.client('sqs'), useQueueUrlAsEndpoint: false });
  const bar = new SingleBar({
    format: '[{bar}] {looked} compared, {missing} missing',
    gracefulExit: false,
  });
  bar.start(keys.length * 100, 0, { looked: 0, missing: 0 });
  try {
    const reports: Report[] = [];
    for (const apiKey of keys) {
      const reconciler: Reconciler = {
        project: createZavuProject({
          apiKey,
          ...(process.env.ZAVUDEV_BASE_URL ? { baseUrl: process.env.ZAVUDEV_BASE_URL } : {}),
          requestsPerMinute,
          signal,
        }),
        known: createKnownItems({ client: dynamoDb, tableName }),
        progress: createProgress({ client: dynamoDb, tableName }),
        feed: new QueueFeed(sqs, (worker) => deployment.outputs[outputNames.queueUrl(worker)] ?? ''),
        routes,
        // Its lines are for the log of the hourly run: a person gets the report.
        log: createLogger({}, () => undefined),
        holder: randomUUID(),
        now: Date.now,
        isOver: () => signal.aborted,
      };
      const since = await comparedSince(reconciler);
      if (!isForced && !isDryRun && (since === undefined || from < since))
        refuseUnrecorded(deployment, since);
      const report = await reconcileSpan(
        reconciler,
        { from, to },
        {
          types,
          isDryRun,
          onPage: (soFar, share) =>
            bar.update(Math.round((reports.length + share) * 100), {
              looked: soFar.looked,
              missing: recoveredIn(soFar),
            }),
        },
      );
      if (!report)
        throw new Error('The hourly run is under way. Run the same command again in a few minutes.');
      reports.push(report);
    }
    return reports;
  } finally {
    bar.stop();
    dynamoDb.destroy();
    sqs.destroy();
  }
}

function refuseUnrecorded({ name }: Deployment, since: number | undefined): never {
  const when =
    since === undefined ? 'has made no run yet' : `compares since ${new Date(since).toISOString()}`;
  throw new UsageError(
    `${name} ${when}. It may have handled events from before without recording them, and handlers would see those again. ` +
      'Look with --dry-run what is missing. If that is right, say --force.',
  );
}
