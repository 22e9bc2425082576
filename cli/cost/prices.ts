/** One of AWS's list prices in us-east-1. Taxes, credits, savings plans and the free tier are left out. */
export interface Price {
  usd: number;
  /** How many units that buys. */
  per: number;
  unit: string;
  /** Lower prices for the units above an amount a month. */
  beyond?: readonly { units: number; usd: number }[];
  /** Units a month that are always free. What is free only in a new account's first months is left out. */
  free?: number;
  source: string;
  /** When the price was last compared with the page, or with a dated copy of the page. */
  asOf: string;
}

const million = 1_000_000;
const billion = 1_000_000_000;
const terabyte = 1024;

const apiGateway = 'https://aws.amazon.com/api-gateway/pricing/';
const lambda = 'https://aws.amazon.com/lambda/pricing/';
const sqs = 'https://aws.amazon.com/sqs/pricing/';
const dynamoDb = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const cloudWatch = 'https://aws.amazon.com/cloudwatch/pricing/';
const secretsManager = 'https://aws.amazon.com/secrets-manager/pricing/';
const xRay = 'https://aws.amazon.com/xray/pricing/';
const transfer = 'https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer';
const eventBridge = 'https://aws.amazon.com/eventbridge/pricing/';
const firehose = 'https://aws.amazon.com/firehose/pricing/';
const s3 = 'https://aws.amazon.com/s3/pricing/';

/** The price table. A GB has 1024 MB, and a month has 730 hours. */
export const prices = {
  httpApi: {
    usd: 1,
    per: million,
    unit: 'requests of up to 512 KB',
    beyond: [{ units: 300 * million, usd: 0.9 }],
    source: apiGateway,
    asOf: '2025-06',
  },
  lambdaRequests: {
    usd: 0.2,
    per: million,
    unit: 'invocations',
    free: million,
    source: lambda,
    asOf: '2026-03',
  },
  lambdaCompute: {
    usd: 0.0000133334,
    per: 1,
    unit: 'GB-seconds on arm64',
    beyond: [
      { units: 7.5 * billion, usd: 0.0000120001 },
      { units: 18.75 * billion, usd: 0.0000106667 },
    ],
    free: 400_000,
    source: lambda,
    asOf: '2026-03',
  },
  sqsRequests: {
    usd: 0.4,
    per: million,
    unit: 'requests of up to 64 KB',
    beyond: [
      { units: 100 * billion, usd: 0.3 },
      { units: 200 * billion, usd: 0.24 },
    ],
    free: million,
    source: sqs,
    asOf: '2026-06',
  },
  sqsFair: { usd: 0.1, per: million, unit: 'sends with a message group', source: sqs, asOf: '2026-03' },
  dynamoWrites: {
    usd: 0.625,
    per: million,
    unit: 'write request units of 1 KB',
    source: dynamoDb,
    asOf: '2025-06',
  },
  dynamoReads: {
    usd: 0.125,
    per: million,
    unit: 'read request units of 4 KB',
    source: dynamoDb,
    asOf: '2025-06',
  },
  dynamoStorage: { usd: 0.25, per: 1, unit: 'GB-months', free: 25, source: dynamoDb, asOf: '2025-06' },
  dynamoBackup: {
    usd: 0.2,
    per: 1,
    unit: 'GB-months of point-in-time recovery',
    source: dynamoDb,
    asOf: '2025-06',
  },
  logs: {
    usd: 0.5,
    per: 1,
    unit: 'GB taken in',
    beyond: [
      { units: 10 * terabyte, usd: 0.25 },
      { units: 30 * terabyte, usd: 0.1 },
      { units: 50 * terabyte, usd: 0.05 },
    ],
    free: 5,
    source: cloudWatch,
    asOf: '2026-06',
  },
  logStorage: { usd: 0.03, per: 1, unit: 'GB-months, compressed', source: cloudWatch, asOf: '2026-02' },
  metrics: {
    usd: 0.3,
    per: 1,
    unit: 'custom metrics',
    beyond: [{ units: 10_000, usd: 0.1 }],
    free: 10,
    source: cloudWatch,
    asOf: '2026-02',
  },
  alarms: { usd: 0.1, per: 1, unit: 'metrics of alarms', free: 10, source: cloudWatch, asOf: '2026-02' },
  compositeAlarms: { usd: 0.5, per: 1, unit: 'composite alarms', source: cloudWatch, asOf: '2026-02' },
  dashboards: {
    usd: 3,
    per: 1,
    unit: 'dashboards of up to 50 metrics',
    free: 3,
    source: cloudWatch,
    asOf: '2026-06',
  },
  largeDashboards: {
    usd: 3,
    per: 1,
    unit: 'dashboards of more than 50 metrics',
    source: cloudWatch,
    asOf: '2026-06',
  },
  secrets: { usd: 0.4, per: 1, unit: 'secrets', source: secretsManager, asOf: '2025-06' },
  secretCalls: { usd: 0.05, per: 10_000, unit: 'calls', source: secretsManager, asOf: '2025-06' },
  traces: { usd: 5, per: million, unit: 'traces recorded', free: 100_000, source: xRay, asOf: '2026-02' },
  dataOut: {
    usd: 0.09,
    per: 1,
    unit: 'GB to the internet',
    beyond: [
      { units: 10 * terabyte, usd: 0.085 },
      { units: 50 * terabyte, usd: 0.07 },
      { units: 150 * terabyte, usd: 0.05 },
    ],
    free: 100,
    source: transfer,
    asOf: '2025-06',
  },
  busEvents: { usd: 1, per: million, unit: 'events of up to 64 KB', source: eventBridge, asOf: '2026-03' },
  firehose: {
    usd: 0.029,
    per: 1,
    unit: 'GB in records of 5 KB and its multiples',
    source: firehose,
    asOf: '2025-06',
  },
  firehosePartitions: {
    usd: 0.02,
    per: 1,
    unit: 'GB delivered to partitions',
    source: firehose,
    asOf: '2025-06',
  },
  firehoseObjects: {
    usd: 0.005,
    per: 1000,
    unit: 'objects of partitions',
    source: firehose,
    asOf: '2025-06',
  },
  firehoseJq: { usd: 0.07, per: 1, unit: 'hours of jq', source: firehose, asOf: '2025-06' },
  s3Puts: { usd: 0.005, per: 1000, unit: 'PUT requests', source: s3, asOf: '2025-06' },
  s3Storage: { usd: 0.023, per: 1, unit: 'GB-months', source: s3, asOf: '2025-06' },
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof prices;

/**
 * What a month's units cost.
 *
 * @param units how many are charged
 */
export function costOf(units: number, { usd, per, beyond = [] }: Price): number {
  const steps = [{ units: 0, usd }, ...beyond];
  return steps.reduce((sum, step, index) => {
    const end = steps[index + 1]?.units ?? Number.POSITIVE_INFINITY;
    const within = Math.max(0, Math.min(units, end) - step.units);
    return sum + (within / per) * step.usd;
  }, 0);
}
