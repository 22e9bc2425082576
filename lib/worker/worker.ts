import { Duration, Names, Validations } from 'aws-cdk-lib';
import type { IGrantable, IPrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { claimSubjectsVariable, type WorkerVariable } from '../../lambda/worker/env.ts';
import type { FanOutBus } from '../event-bus/event-bus.ts';
import type { Entry } from '../functions/entry.ts';
import { GradualDeployment } from '../functions/gradual-deployment.ts';
import { NodeFunction } from '../functions/node-function.ts';
import type { IdempotencyTable } from '../idempotency/idempotency-table.ts';
import { MessagesTable } from '../messages/messages-table.ts';
import { capitalize } from '../outputs.ts';
import { createDeadLetterQueue, createQueue } from '../queues.ts';
import { settingsOf } from '../settings/scope.ts';
import { addWorkerAlarms } from './alarms.ts';
import type { WorkerOptions } from './options.ts';
import { longestPauseSeconds, receiveLimits, visibilityTimeoutSeconds } from './receive-limits.ts';

interface WorkerProps extends Omit<WorkerOptions, 'entry'> {
  name: string;
  /** The event types that are routed to it; none if it is draining. */
  types: readonly string[];
  /** What its function is bundled from. */
  entry: Entry;
  table: IdempotencyTable;
  /**
   * The table that the worker records the status of messages in, if it handles their events.
   *
   * @default - the status of messages is not recorded
   */
  messages?: MessagesTable | undefined;
  /**
   * The bus that the worker publishes handled events on.
   *
   * @default - handled events are not published
   */
  bus?: FanOutBus | undefined;
}

/** Lambda takes up to ten messages at once without waiting for more. */
const batchSize = 10;

/**
 * A worker: its queue, its dead-letter queue, its function, and the alarms that watch them.
 *
 * Grant it what its handlers need:
 *
 * @example
 * const customers = new TableV2(stack, 'Customers', { partitionKey: { name: 'id', type: AttributeType.STRING } });
 * customers.grantReadData(zavu.workers.inbound);
 * zavu.workers.inbound.function.addEnvironment('CUSTOMERS_TABLE', customers.tableName);
 */
export class Worker extends Construct implements IGrantable {
  readonly name: string;
  readonly grantPrincipal: IPrincipal;
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
  readonly function: NodeFunction;
  /** What Lambda polls the queue by. */
  readonly eventSource: SqsEventSource;
  /** How long it may be paused, so that every event still has the time for all of its attempts. */
  readonly longestPause: Duration;

  constructor(scope: Construct, id: string, props: WorkerProps) {
    super(scope, id);
    const { name, types, table, bus, environment = {} } = props;
    const settings = settingsOf(this);
    this.name = name;
    const { timeoutSeconds = settings.workerTimeoutSeconds } = props;
    const messages = MessagesTable.serves(types) ? props.messages : undefined;
    const delays = settings.retryDelaysSeconds;
    const limits = receiveLimits(settings, timeoutSeconds);
    this.longestPause = Duration.seconds(longestPauseSeconds(settings, timeoutSeconds));
    const visibilityTimeout = Duration.seconds(visibilityTimeoutSeconds(timeoutSeconds));

    this.deadLetterQueue = createDeadLetterQueue(this, 'DeadLetterQueue');
    this.queue = createQueue(this, 'Queue', {
      visibilityTimeout,
      retentionPeriod: Duration.days(settings.queueRetentionDays),
      deadLetterQueue: {
        queue: this.deadLetterQueue,
        maxReceiveCount: limits.maxReceives,
      },
    });

    this.function = new NodeFunction(this, 'Function', {
      description: `Handles Zavu's ${name} events`,
      entry: props.entry,
      environment: (codeVersion) => ({
        ...environment,
        ...messages?.environment,
        ...bus?.environment,
        // Only then may an original meet an event that was rebuilt in its place.
        ...(settings.reconcile ? { [claimSubjectsVariable]: 'true' } : {}),
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
        } satisfies Record<WorkerVariable, string>),
      }),
      memoryMb: props.memoryMb ?? settings.workerMemoryMb,
      timeout: Duration.seconds(timeoutSeconds),
      ...surroundingsOf(props),
    });
    const { live } = this.function;
    // Without `enabled`, a deployment that changes something else of it leaves a pause (docs/decisions/0033).
    this.eventSource = new SqsEventSource(this.queue, {
      batchSize,
      reportBatchItemFailures: true,
      // Not reserved concurrency: SQS would hide what is throttled for a visibility timeout each time.
      maxConcurrency: props.maxConcurrency ?? settings.workerMaxConcurrency,
    });
    live.addEventSource(this.eventSource);
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

    const { alias } = this.function;
    const alarms = addWorkerAlarms(this, {
      name,
      subject: capitalize(name),
      function: this.function,
      queue: this.queue,
      deadLetterQueue: this.deadLetterQueue,
      visibilityTimeout,
      retryDelaysSeconds: delays,
    });
    if (alias) new GradualDeployment(this, 'Deployment', { alias, alarms });
  }
}

/** Where the function runs, and what beside it. */
function surroundingsOf({ vpc, vpcSubnets, securityGroups, layers }: Omit<WorkerOptions, 'entry'>) {
  return {
    ...(vpc ? { vpc } : {}),
    ...(vpcSubnets ? { vpcSubnets } : {}),
    ...(securityGroups ? { securityGroups } : {}),
    ...(layers ? { layers } : {}),
  };
}
