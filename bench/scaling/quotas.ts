/** A default quota of AWS's, per account and region unless it says otherwise. */
export interface Quota {
  value: number;
  what: string;
  adjustable: boolean;
  source: string;
}

/** When the quotas were last compared with AWS's pages, or with copies of them. */
export const quotasAsOf = '2026-11';

const guide = 'https://docs.aws.amazon.com';

/** The quota table. */
export const quotas = {
  apiRequestsPerSecond: {
    value: 10_000,
    what: 'requests a second, to all APIs (2,500 in some regions)',
    adjustable: true,
    source: `${guide}/apigateway/latest/developerguide/limits.html`,
  },
  apiBurst: {
    value: 5_000,
    what: 'requests at once, to all APIs; follows from the rate',
    adjustable: false,
    source: `${guide}/apigateway/latest/developerguide/limits.html`,
  },
  concurrentExecutions: {
    value: 1_000,
    what: 'invocations at once, of all functions; new accounts begin with fewer',
    adjustable: true,
    source: `${guide}/lambda/latest/dg/gettingstarted-limits.html`,
  },
  requestsPerExecution: {
    value: 10,
    what: 'invocations a second for each of those, which counts if they take less than 100 ms',
    adjustable: false,
    source: `${guide}/lambda/latest/dg/gettingstarted-limits.html`,
  },
  newExecutionsPer10Seconds: {
    value: 1_000,
    what: 'execution environments more in 10 s, of each function',
    adjustable: false,
    source: `${guide}/lambda/latest/dg/scaling-behavior.html`,
  },
  firstPollers: {
    value: 5,
    what: 'batches at once that an event source begins with',
    adjustable: false,
    source: `${guide}/lambda/latest/dg/services-sqs-scaling.html`,
  },
  newPollersPerMinute: {
    value: 300,
    what: 'batches at once more in a minute, up to maxConcurrency',
    adjustable: false,
    source: `${guide}/lambda/latest/dg/services-sqs-scaling.html`,
  },
  maximumConcurrency: {
    value: 1_000,
    what: 'the greatest maxConcurrency of an event source',
    adjustable: false,
    source: `${guide}/lambda/latest/dg/services-sqs-scaling.html`,
  },
  messagesInFlight: {
    value: 120_000,
    what: 'messages of a queue that are being handled or back off',
    adjustable: true,
    source: `${guide}/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html`,
  },
  newTableWritesPerSecond: {
    value: 4_000,
    what: 'writes a second that a new on-demand table takes; later twice its former peak, within 30 minutes',
    adjustable: true,
    source: `${guide}/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html`,
  },
  tableWritesPerSecond: {
    value: 40_000,
    what: 'writes a second of a table',
    adjustable: true,
    source: `${guide}/amazondynamodb/latest/developerguide/ServiceQuotas.html`,
  },
  partitionWritesPerSecond: {
    value: 1_000,
    what: 'writes a second of a partition. Keys are hashes and message ids: none is hot',
    adjustable: false,
    source: `${guide}/amazondynamodb/latest/developerguide/ServiceQuotas.html`,
  },
  secretReadsPerSecond: {
    value: 10_000,
    what: 'GetSecretValue a second; an execution environment asks at its start and every 5 minutes',
    adjustable: false,
    source: `${guide}/secretsmanager/latest/userguide/reference_limits.html`,
  },
  busEventsPerSecond: {
    value: 10_000,
    what: 'PutEvents a second in us-east-1, us-west-2 and eu-west-1, of all buses; from 400 elsewhere',
    adjustable: true,
    source: `${guide}/eventbridge/latest/userguide/eb-quota.html`,
  },
  streamRequestsPerSecond: {
    value: 2_000,
    what: 'requests a second of a Firehose stream in us-east-1, us-west-2 and eu-west-1; 1,000 elsewhere',
    adjustable: true,
    source: `${guide}/firehose/latest/dev/limits.html`,
  },
  streamMebibytesPerSecond: {
    value: 5,
    what: 'MiB a second of a Firehose stream there; 1 elsewhere. Raised, both rise together',
    adjustable: true,
    source: `${guide}/firehose/latest/dev/limits.html`,
  },
  logCallsPerSecond: {
    value: 5_000,
    what: 'PutLogEvents a second, for calls of your own: Lambda delivers what functions print',
    adjustable: true,
    source: `${guide}/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html`,
  },
} as const satisfies Record<string, Quota>;
