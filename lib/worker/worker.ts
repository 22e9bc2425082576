import { join } from 'node:path';
import { Duration, Names, Validations } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IGrantable, IPrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { WorkerName } from '../../lambda/routing/routes.ts';
import type { WorkerVariable } from '../../lambda/worker/env.ts';
import type { WorkerMetric } from '../../lambda/worker/metrics.ts';
import type { FanOutBus } from '../event-bus/event-bus.ts';
import { GradualDeployment } from '../functions/gradual-deployment.ts';
import { NodeFunction } from '../functions/node-function.ts';
import type { IdempotencyTable } from '../idempotency/idempotency-table.ts';
import { MessagesTable } from '../messages/messages-table.ts';
import type { Monitoring } from '../monitoring/monitoring.ts';
import { createHoldingQueue, createQueue } from '../queues.ts';
import { receiveLimits, visibilitySeconds } from '../settings/conflicts.ts';
import type { Settings } from '../settings/settings.ts';
import { addWorkerAlarms } from './alarms.ts';

/** Where a worker differs from the others. What is left out is as the settings say for all of them. */
export interface WorkerOptions {
  /**
   * Path of an entry of your own, which exports `handler = createWorker(name, handlers)`: for handlers that live
   * in another package. Without it the worker runs those in `lambda/handlers/table.ts`.
   */
  entry?: string;
  /** Variables of your handlers' own. */
  environment?: Readonly<Record<string, string>>;
  memoryMb?: number;
  /** How long a batch may take, in seconds. Visibility timeout and alarms follow from it. */
  timeoutSeconds?: number;
  /** Invocations at once, 2 or more. */
  maxConcurrency?: number;
}

export interface WorkerProps extends WorkerOptions {
  name: WorkerName;
  settings: Settings;
  table: IdempotencyTable;
  /** Where what became of messages is recorded; undefined where it is not. */
  messages?: MessagesTable | undefined;
  /** Where it publishes what it has handled; undefined where it does not. */
  bus?: FanOutBus | undefined;
  monitoring: Monitoring;
}

/** Lambda takes up to ten messages at once without waiting for more. */
const batchSize = 10;

/**
 * A worker: its queue, its dead-letter queue, its function, and the alarms that watch them.
 *
 * Grant it what its handlers need: `table.grantReadData(stack.workers.inbound)`.
 */
export class Worker extends Construct implements IGrantable {
  readonly name: WorkerName;
  readonly grantPrincipal: IPrincipal;
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
  readonly function: NodeFunction;
  readonly #monitoring: Monitoring;

  constructor(scope: Construct, id: string, props: WorkerProps) {
    super(scope, id);
    const { name, settings, table, bus, monitoring, environment = {} } = props;
    this.name = name;
    this.#monitoring = monitoring;
    const { timeoutSeconds = settings.workerTimeoutSeconds } = props;
    const messages = MessagesTable.serves(name) ? props.messages : undefined;
    const delays = settings.retryDelaysSeconds;
    const limits = receiveLimits(settings, timeoutSeconds);
    const visibilityTimeout = Duration.seconds(visibilitySeconds(timeoutSeconds));

    this.deadLetterQueue = createHoldingQueue(this, 'DeadLetterQueue', settings);
    this.queue = createQueue(this, 'Queue', settings, {
      visibilityTimeout,
      retentionPeriod: Duration.days(settings.queueRetentionDays),
      deadLetterQueue: {
        queue: this.deadLetterQueue,
        maxReceiveCount: limits.maxReceives,
      },
    });

    this.function = new NodeFunction(this, 'Function', {
      description: `Handles Zavu's ${name} events`,
      entry: props.entry ?? join(import.meta.dirname, '../../lambda/worker/index.ts'),
      environment: (codeVersion) => ({
        ...environment,
        ...messages?.environment,
        ...bus?.environment,
        ...({
          WORKER_NAME: name,
          QUEUE_URL: this.queue.queueUrl,
          DEAD_LETTER_QUEUE_URL: this.deadLetterQueue.queueUrl,
          IDEMPOTENCY_TABLE: table.tableName,
          IDEMPOTENCY_EXPIRY_SECONDS: String(table.expiry.toSeconds()),
          RETRY_DELAYS_SECONDS: delays.join(','),
          MAX_RECEIVES: String(limits.maxReceives),
          MAX_AGE_SECONDS: String(limits.maxAgeSeconds),
          MAX_PAUSE_SECONDS: String(limits.maxPauseSeconds),
          CODE_VERSION: codeVersion,
          METRICS_NAMESPACE: monitoring.namespace,
        } satisfies Record<WorkerVariable, string>),
      }),
      memoryMb: props.memoryMb ?? settings.workerMemoryMb,
      timeout: Duration.seconds(timeoutSeconds),
      settings,
    });
    const { live } = this.function;
    live.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize,
        reportBatchItemFailures: true,
        // Not reserved concurrency: SQS would hide what is throttled for a visibility timeout each time.
        maxConcurrency: props.maxConcurrency ?? settings.workerMaxConcurrency,
      }),
    );
    const source = live.node.findChild(`SqsEventSource:${Names.nodeUniqueId(this.queue.node)}`);
    Validations.of(source).acknowledge({
      id: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
      reason:
        'SQS sources cannot have one; what fails goes to the dead-letter queue. ' +
        'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-eventsourcemapping-onfailure.html',
    });
    this.grantPrincipal = this.function.grantPrincipal;
    table.grantClaims(this);
    messages?.grantRecords(this);
    bus?.grantPutEventsTo(this);
    this.deadLetterQueue.grant(this, 'sqs:SendMessage');

    // SQS leaves a message out of its oldest age once it was received three times, so what backs off counts
    // for the first two waits only.
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    const backingOff = (delays[0] ?? 0) + (delays[1] ?? 0);
    const alarms = addWorkerAlarms(this, monitoring, backingOff + 3 * visibilityTimeout.toSeconds());
    const { alias } = this.function;
    if (alias) new GradualDeployment(this, 'Deployment', { alias, alarms, settings });
  }

  /** A metric that the worker reports of itself (lambda/worker/metrics.ts), summed over 5 minutes by default. */
  metric(name: WorkerMetric, options: MetricOptions = {}): Metric {
    return new Metric({
      namespace: this.#monitoring.namespace,
      metricName: name,
      dimensionsMap: { service: this.name },
      statistic: 'Sum',
      ...options,
    });
  }
}
