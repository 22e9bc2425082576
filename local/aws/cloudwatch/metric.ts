/** Names a metric. Its dimensions are part of the name: `{A}` and `{A, B}` are two metrics. */
export interface Metric {
  namespace: string;
  name: string;
  dimensions: Readonly<Record<string, string>>;
}

/** One value of a metric. */
export interface Datum {
  metric: Metric;
  value: number;
}

/** The largest and the smallest value that CloudWatch takes are plus and minus this. */
const limit = 2 ** 360;

/**
 * Whether CloudWatch takes a value: a finite number between plus and minus 2^360.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
 */
export function isMetricValue(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= limit;
}

/** The keys of metrics that were asked for: an alarm asks for those of its own at each minute, for each period. */
const keys = new WeakMap<Metric, string>();

/** A text that is the same for the same metric, in whatever order its dimensions are written. */
export function metricKey(metric: Metric): string {
  const known = keys.get(metric);
  if (known) return known;
  const { namespace, name, dimensions } = metric;
  const key = JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
  keys.set(metric, key);
  return key;
}

/** A metric as a person reads it: `AWS/SQS NumberOfMessagesSent {QueueName=Inbound}`. */
export function metricLabel({ namespace, name, dimensions }: Metric): string {
  const pairs = Object.entries(dimensions).map(([key, value]) => `${key}=${value}`);
  return `${namespace} ${name} {${pairs.join(', ')}}`;
}
