import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SingleBar } from 'cli-progress';
import { createKnownItems } from '../../lambda/messages/known-items.ts';
import { createProgress } from '../../lambda/reconcile/progress.ts';
import { QueueFeed } from '../../lambda/reconcile/queue-feed.ts';
import { type Report, recoveredIn } from '../../lambda/reconcile/report.ts';
import type { Reconciler } from '../../lambda/reconcile/run.ts';
import { comparedSince, reconcileSpan } from '../../lambda/reconcile/span-run.ts';
import { createLogger } from '../../lambda/shared/log.ts';
import { outputNames } from '../../lib/outputs.ts';
import { UsageError } from '../shared/command.ts';
import type { Deployment } from '../shared/deployment.ts';
import { routesOf } from '../shared/routes.ts';
import { createProject } from '../shared/zavu.ts';
import { readApiKeys } from './api-keys.ts';
import { refuseExpired, refuseUnrecorded, settledSpan } from './span.ts';

interface ByHandOptions {
  /** Milliseconds since the epoch. */
  from: number;
  /** @default 6 hours ago */
  to: number | undefined;
  /** An empty list means all. */
  types: readonly string[];
  /** Whether `from` may be before what this deployment certainly has a record of. */
  isForced: boolean;
  isDryRun: boolean;
  /** Ends it. The page in hand is left for the next time. */
  signal: AbortSignal;
}

/**
 * Reconciles a span of time in each project whose API key is stored, and draws a bar.
 *
 * @returns a report for each project
 * @throws UsageError if the span is too young or too old; Error saying what to do if the deployment does not reconcile, or if
 * an hourly run is under way
 */
export async function reconcileByHand(deployment: Deployment, options: ByHandOptions): Promise<Report[]> {
  const { from, isForced, isDryRun, types, signal } = options;
  const { to } = settledSpan(options, Date.now());
  const isDoubted = !isForced && !isDryRun;
  if (isDoubted) refuseExpired(deployment, { from, now: Date.now() });
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
        project: createProject(apiKey, signal),
        known: createKnownItems({ client: dynamoDb, tableName }),
        progress: createProgress({ client: dynamoDb, tableName }),
        feed: new QueueFeed(sqs, (worker) => deployment.outputs[outputNames.queueUrl(worker)] ?? ''),
        routes,
        // Its lines are for the log of the hourly run: a person gets the report.
        log: createLogger({}, () => undefined),
        holder: randomUUID(),
        now: Date.now,
        isOver: () => signal.aborted,
        signal,
      };
      if (isDoubted) refuseUnrecorded(deployment, { from, since: await comparedSince(reconciler, types) });
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
