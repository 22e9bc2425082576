import { join } from 'node:path';
import { Duration, Names, Validations } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { WorkerName } from '../lambda/routes.ts';
import { eventBusVariable, type WorkerVariable } from '../lambda/worker/env.ts';
import type { Settings } from './config.ts';
import type { FanOutBus } from './event-bus.ts';
import type { IdempotencyTable } from './idempotency-table.ts';
import type { Monitoring } from './monitoring.ts';
import { NodeFunction } from './node-function.ts';
import { createQueue, createRestingQueue } from './queues.ts';

export interface WorkerProps {
  name: WorkerName;
  settings: Settings;
  table: IdempotencyTable;
  monitoring: Monitoring;
  /** Where it publishes what it has handled; nowhere without one. */
  bus?: FanOutBus | undefined;
  /** The worker's entry, where it is not `lambda/workers/<name>.ts`. */
  entry?: string;
  /** Variables of your handlers' own. */
  environment?: Readonly<Record<string, string>>;
}

/** Lambda takes up to ten messages at once without waiting for more. */
const batchSize = 10;

/**
 * A worker: its queue, its dead-letter queue, its function, and the alarms that watch them.
 *
 * Grant the function what its handlers need: `stack.workers.inbound.function` is an `IGrantable`.
 */
export class Worker extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
  readonly function: NodeFunction;

  constructor(scope: Construct, id: string, props: WorkerProps) {
    super(scope, id);
    const { name, settings, table, monitoring, bus, entry, environment = {} } = props;
    const delays = settings.retryDelaysSeconds;
    const timeout = Duration.seconds(settings.workerTimeoutSeconds);
    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    const visibilityTimeout = Duration.seconds(6 * settings.workerTimeoutSeconds);

    this.deadLetterQueue = createRestingQueue(this, 'DeadLetterQueue', settings);
    this.queue = createQueue(this, 'Queue', settings, {
      visibilityTimeout,
      retentionPeriod: Duration.days(settings.queueRetentionDays),
      deadLetterQueue: {
        queue: this.deadLetterQueue,
        // The worker sets aside after its last attempt, and one receive later where it died in that
        // attempt. SQS moves only what it could not (docs/decisions/0004).
        maxReceiveCount: delays.length + 2,
      },
    });

    this.function = new NodeFunction(this, 'Function', {
      description: `Handles Zavu's ${name} events`,
      entry: entry ?? join(import.meta.dirname, `../lambda/workers/${name}.ts`),
      environment: (codeVersion) => ({
        ...environment,
        ...(bus ? { [eventBusVariable]: bus.eventBusName } : {}),
        ...({
          WORKER_NAME: name,
          QUEUE_URL: this.queue.queueUrl,
          DEAD_LETTER_QUEUE_URL: this.deadLetterQueue.queueUrl,
          IDEMPOTENCY_TABLE: table.tableName,
          IDEMPOTENCY_EXPIRY_SECONDS: String(table.expiry.toSeconds()),
          RETRY_DELAYS_SECONDS: delays.join(','),
          CODE_VERSION: codeVersion,
        } satisfies Record<WorkerVariable, string>),
      }),
      memoryMb: settings.workerMemoryMb,
      timeout,
      settings,
    });
    this.function.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize,
        reportBatchItemFailures: true,
        // Not reserved concurrency: SQS would count a throttled receive as an attempt.
        maxConcurrency: settings.workerMaxConcurrency,
      }),
    );
    const source = this.function.node.findChild(`SqsEventSource:${Names.nodeUniqueId(this.queue.node)}`);
    Validations.of(source).acknowledge({
      id: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
      reason:
        'SQS sources cannot have one; what fails goes to the dead-letter queue. ' +
        'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-eventsourcemapping-onfailure.html',
    });
    table.grantClaims(this.function);
    bus?.grantPutEventsTo(this.function);
    this.deadLetterQueue.grant(this.function, 'sqs:SendMessage');

    // SQS leaves a message out of its oldest age once it was received three times, so what backs off counts
    // for the first two waits only.
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    const backingOff = (delays[0] ?? 0) + (delays[1] ?? 0);
    this.#watch(name, monitoring, backingOff + 3 * visibilityTimeout.toSeconds());
  }

  #watch(name: WorkerName, monitoring: Monitoring, oldestSeconds: number): void {
    const subject = this.node.id;
    monitoring.alarm('DeadLetters', subject, {
      // Not NumberOfMessagesSent, which does not count what a redrive policy moves.
      metric: this.deadLetterQueue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      threshold: 1,
      impact: `Events for the ${name} worker failed for good and are not handled until somebody redrives them.`,
    });
    monitoring.alarm('OldestMessage', subject, {
      metric: this.queue.metricApproximateAgeOfOldestMessage({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      threshold: oldestSeconds,
      periods: { of: 3, breaching: 2 },
      impact: `The ${name} worker does not keep up: customers' events wait longer than any retry explains.`,
    });
    monitoring.alarm('WorkerErrors', subject, {
      metric: this.function.metricErrors({ period: Duration.minutes(1), statistic: 'Sum' }),
      threshold: 1,
      periods: { of: 3, breaching: 2 },
      impact: `The ${name} worker crashes or times out; its events are tried again, and then set aside.`,
    });
  }
}
