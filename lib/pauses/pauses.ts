import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { PausesVariable } from '../../lambda/pauses/env.ts';
import { formatEventSources } from '../../lambda/pauses/event-sources.ts';
import { lambdaFile } from '../functions/entry.ts';
import { NodeFunction } from '../functions/node-function.ts';
import { runEvery } from '../functions/schedule.ts';
import type { IdempotencyTable } from '../idempotency/idempotency-table.ts';
import { settingsOf } from '../settings/scope.ts';
import type { Worker } from '../worker/worker.ts';
import { addPauseAlarms } from './alarms.ts';

interface PausesProps {
  workers: readonly Worker[];
  table: IdempotencyTable;
}

const every = Duration.minutes(5);

/**
 * Keeps the pauses of workers, which `npx zavu-webhooks pause` makes: through deployments, and no longer than events are
 * safe. Says as long as one lasts that a worker is paused (docs/decisions/0033).
 */
export class Pauses extends Construct {
  readonly function: NodeFunction;
  /** What the commands and the keeper find the event sources by. */
  readonly eventSources: string;

  constructor(scope: Construct, id: string, { workers, table }: PausesProps) {
    super(scope, id);
    this.eventSources = formatEventSources(
      workers.map(({ name, eventSource, longestPause }) => ({
        worker: name,
        id: eventSource.eventSourceMappingId,
        longestPauseSeconds: longestPause.toSeconds(),
      })),
    );
    this.function = new NodeFunction(this, 'Function', {
      description: 'Keeps the pauses of workers',
      entry: lambdaFile('pauses/index'),
      environment: () =>
        ({
          EVENT_SOURCES: this.eventSources,
          IDEMPOTENCY_TABLE: table.tableName,
          QUEUE_URLS: workers.map(({ queue }) => queue.queueUrl).join(','),
          QUEUE_RETENTION_SECONDS: String(settingsOf(this).queueRetentionDays * 86_400),
        }) satisfies Record<PausesVariable, string>,
      memoryMb: 256,
      timeout: Duration.seconds(30),
      // No customer waits for it: there is no traffic to shift.
      hasAlias: false,
    });
    this.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
        resources: workers.map(({ eventSource }) => eventSource.eventSourceMappingArn),
        conditions: { ArnLikeIfExists: { 'lambda:FunctionArn': workers.flatMap(functionArns) } },
      }),
    );
    for (const { queue } of workers) queue.grant(this.function, 'sqs:GetQueueAttributes');
    table.grantPauses(this.function);
    runEvery(every, this, this.function);
    addPauseAlarms(this, this.function, every);
  }
}

/**
 * What an event source of a worker may call: its function, or an alias of it. It keeps whoever has the keeper's role from
 * leading a worker's events to another function. AWS does not say whether a call that names no function has this key.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
 */
function functionArns({ function: { functionArn } }: Worker): string[] {
  return [functionArn, `${functionArn}:*`];
}
