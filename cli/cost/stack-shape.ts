import * as z from 'zod';
import { eventBusVariable } from '../../lambda/event-bus/env.ts';
import type { PausesVariable } from '../../lambda/pauses/env.ts';
import type { ReceiverVariable } from '../../lambda/receiver/env.ts';
import type { ReconcileVariable } from '../../lambda/reconcile/env.ts';
import { Routes } from '../../lambda/routing/routes.ts';
import type { WorkerVariable } from '../../lambda/worker/env.ts';
import type { Resource } from '../../local/aws/template/assembly.ts';
import { type DashboardShape, dashboardShape } from './dashboard.ts';

/** The facts of a stack's template that its costs depend on. */
export interface StackShape {
  receiverMb: number;
  workers: readonly {
    name: string;
    memoryMb: number;
    /** The event types that it handles; none if it gets no new events. */
    types: readonly string[];
    /** Whether the worker writes items into the messages table. */
    records: boolean;
  }[];
  canaryMb: number | undefined;
  /** Memory of the keeper of pauses; undefined if the template has none. */
  keeperMb: number | undefined;
  /** What reconciles; undefined if the template has nothing that does. */
  reconciler: { memoryMb: number; requestsPerMinute: number } | undefined;
  /** How many messages a worker is given at once, at most. */
  batchSize: number;
  isTraced: boolean;
  /** How long the idempotency record of an event is kept. */
  idempotencyDays: number;
  messages: { retentionDays: number; hasContent: boolean } | undefined;
  areTablesBackedUp: boolean;
  hasBus: boolean;
  /** For how many days the archive's bucket keeps accepted events. */
  archive: { days: number } | undefined;
  logRetentionDays: number;
  /** The metrics that are made of log lines, each name once. */
  countedMetrics: readonly CountedMetric[];
  /** How many metrics the alarms look at. AWS charges each of them. */
  alarmMetrics: number;
  compositeAlarms: number;
  /** What each dashboard shows; undefined for one that cannot be read. */
  dashboards: readonly (DashboardShape | undefined)[];
  secrets: number;
}

/** The metrics of a name that metric filters make. */
export interface CountedMetric {
  name: string;
  /** Whether each worker has its own. */
  isByWorker: boolean;
  /** Whether a value is reported although no line matches. */
  hasDefault: boolean;
}

const functionSchema = z.object({
  MemorySize: z.number().default(128),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }).optional(),
  TracingConfig: z.object({ Mode: z.string() }).optional(),
});
const logGroupSchema = z.object({
  RetentionInDays: z.number().default(0),
});
const alarmSchema = z.object({
  Metrics: z.array(z.object({ MetricStat: z.unknown().optional() })).optional(),
});
const dashboardSchema = z.object({ DashboardBody: z.unknown() });
const metricFilterSchema = z.object({
  MetricTransformations: z.array(
    z.object({
      MetricName: z.string(),
      Dimensions: z.array(z.object({ Key: z.string() })).default([]),
      DefaultValue: z.number().optional(),
    }),
  ),
});
const tableSchema = z.object({
  Replicas: z.array(
    z.object({
      PointInTimeRecoverySpecification: z.object({ PointInTimeRecoveryEnabled: z.boolean() }).optional(),
    }),
  ),
});
const bucketSchema = z.object({
  LifecycleConfiguration: z
    .object({ Rules: z.array(z.looseObject({ ExpirationInDays: z.number().optional() })) })
    .optional(),
});
const mappingSchema = z.object({ BatchSize: z.number().default(10) });

const secondsADay = 86_400;

/**
 * Reads a stack's shape from its template's resources.
 *
 * @throws Error if they hold no ZavuWebhooks, or several
 */
export function shapeOf(resources: Readonly<Record<string, Resource>>): StackShape {
  const all = <T>(type: string, schema: z.ZodType<T>): T[] =>
    Object.values(resources)
      .filter(({ Type }) => Type === type)
      .map(({ Properties }) => schema.parse(Properties));
  const anything = z.unknown();
  const functions = all('AWS::Lambda::Function', functionSchema).map(
    ({ MemorySize, Environment, TracingConfig }) => ({
      memoryMb: MemorySize,
      variables: Environment?.Variables ?? {},
      isTraced: TracingConfig?.Mode === 'Active',
    }),
  );
  const having = (variable: string) => functions.filter(({ variables }) => variable in variables);
  const [receiver, ...otherReceivers] = having('UNROUTED_QUEUE_URL' satisfies ReceiverVariable);
  const workers = having('WORKER_NAME' satisfies WorkerVariable);
  if (!receiver || workers.length === 0) {
    throw new Error(
      'The template has no receiver, or no worker: give an app with a ZavuWebhooks in its stack.',
    );
  }
  if (otherReceivers.length > 0) {
    throw new Error(
      'The stack holds several ZavuWebhooks, and an estimate is for one: give an app with one.',
    );
  }
  const routes = Routes.parse(String(receiver.variables.ROUTES));
  const number = (value: unknown) => Number(value ?? 0);
  const [recorder] = having('MESSAGE_RETENTION_SECONDS');
  const [reconciler] = having('REQUESTS_PER_MINUTE' satisfies ReconcileVariable);
  const logGroups = all('AWS::Logs::LogGroup', logGroupSchema);
  const filters = all('AWS::Logs::MetricFilter', metricFilterSchema).flatMap(
    ({ MetricTransformations }) => MetricTransformations,
  );
  const byName = Map.groupBy(filters, ({ MetricName }) => MetricName);
  const rules = all('AWS::S3::Bucket', bucketSchema).flatMap(
    ({ LifecycleConfiguration }) => LifecycleConfiguration?.Rules ?? [],
  );
  const hasStream = all('AWS::KinesisFirehose::DeliveryStream', anything).length > 0;
  return {
    receiverMb: receiver.memoryMb,
    workers: workers.map(({ memoryMb, variables }) => ({
      name: String(variables.WORKER_NAME),
      memoryMb,
      types: routes.typesOf(String(variables.WORKER_NAME)),
      records: 'MESSAGES_TABLE' in variables,
    })),
    canaryMb: having('WEBHOOK_URL')[0]?.memoryMb,
    keeperMb: having('EVENT_SOURCES' satisfies PausesVariable)[0]?.memoryMb,
    reconciler: reconciler && {
      memoryMb: reconciler.memoryMb,
      requestsPerMinute: number(reconciler.variables.REQUESTS_PER_MINUTE),
    },
    batchSize: all('AWS::Lambda::EventSourceMapping', mappingSchema)[0]?.BatchSize ?? 10,
    isTraced: receiver.isTraced,
    idempotencyDays: number(workers[0]?.variables.IDEMPOTENCY_EXPIRY_SECONDS) / secondsADay,
    messages: recorder && {
      retentionDays: number(recorder.variables.MESSAGE_RETENTION_SECONDS) / secondsADay,
      hasContent: recorder.variables.STORE_MESSAGE_CONTENT === 'true',
    },
    areTablesBackedUp: all('AWS::DynamoDB::GlobalTable', tableSchema).some(({ Replicas }) =>
      Replicas.some((replica) => replica.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled),
    ),
    hasBus: having(eventBusVariable).length > 0,
    archive: hasStream
      ? {
          days: Math.max(0, ...rules.map(({ ExpirationInDays = 0 }) => ExpirationInDays)),
        }
      : undefined,
    logRetentionDays: Math.max(0, ...logGroups.map(({ RetentionInDays }) => RetentionInDays)),
    countedMetrics: [...byName].map(([name, of]) => ({
      name,
      isByWorker: of.some(({ Dimensions }) => Dimensions.some(({ Key }) => Key === 'Worker')),
      hasDefault: of.some(({ DefaultValue }) => DefaultValue !== undefined),
    })),
    alarmMetrics: all('AWS::CloudWatch::Alarm', alarmSchema).reduce(
      (sum, { Metrics }) => sum + (Metrics?.filter(({ MetricStat }) => MetricStat).length ?? 1),
      0,
    ),
    compositeAlarms: all('AWS::CloudWatch::CompositeAlarm', anything).length,
    dashboards: all('AWS::CloudWatch::Dashboard', dashboardSchema).map(({ DashboardBody }) =>
      dashboardShape(DashboardBody),
    ),
    secrets: all('AWS::SecretsManager::Secret', anything).length,
  };
}
