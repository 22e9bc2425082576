import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, type JsonPattern } from 'aws-cdk-lib/aws-logs';

/** The values that fields of a log line have; `*` for any, and for any but one `{ not: … }`. */
export type LineFields = Readonly<Record<string, string | { not: string }>>;

/**
 * Fields that tell a metric's values apart, by the name of the dimension: each combination is a metric of its own, at
 * $0.30 a month, so fields of few values only.
 */
export type Dimensions = Readonly<Record<string, string>>;

/** The namespace and name of a metric, which several log groups may feed. */
interface MetricId {
  namespace: string;
  name: string;
}

/**
 * Counts log lines by metric filters: one for each kind of line.
 *
 * If there is no such line, there is no value, and no 0 in its place: AWS charges a metric for the hours in which it
 * has a value, and most of what is counted does not happen to a healthy stack (docs/decisions/0036).
 *
 * @param fields of the lines to count, or of each kind of them; no line may be of two kinds
 * @param dimensions @default - one metric without dimensions
 * @returns the metric, as a sum over 5 minutes
 */
export function countLines(
  id: MetricId,
  logGroups: ILogGroup | readonly ILogGroup[],
  fields: LineFields | readonly LineFields[],
  dimensions?: Dimensions,
): Metric {
  for (const [index, kind] of [fields].flat().entries()) {
    const suffix = index === 0 ? '' : String(index + 1);
    for (const each of [logGroups].flat()) addFilter(id, each, suffix, patternsOf(kind), '1', dimensions);
  }
  return new Metric({ namespace: id.namespace, metricName: id.name, statistic: 'Sum' });
}

/**
 * Takes the numbers that log lines have in a field, 0 or more each, as the values of a metric. Any statistic of it may be
 * asked, percentiles too.
 *
 * @param fields that the lines have besides
 * @param dimensions @default - one metric without dimensions
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html
 */
export function measureLines(
  id: MetricId,
  logGroups: ILogGroup | readonly ILogGroup[],
  field: string,
  fields: LineFields = {},
  dimensions?: Dimensions,
): void {
  const isNumber = FilterPattern.numberValue(`$.${field}`, '>=', 0);
  const patterns = [...patternsOf(fields), isNumber];
  for (const each of [logGroups].flat()) addFilter(id, each, '', patterns, `$.${field}`, dimensions);
}

function addFilter(
  { namespace, name }: MetricId,
  logGroup: ILogGroup,
  suffix: string,
  patterns: readonly JsonPattern[],
  metricValue: string,
  dimensions: Dimensions | undefined,
): void {
  logGroup.addMetricFilter(`${name}${suffix}`, {
    filterPattern: FilterPattern.all(...patterns),
    metricNamespace: namespace,
    metricName: name,
    metricValue,
    ...(dimensions ? { dimensions: paths(dimensions) } : {}),
  });
}

function patternsOf(fields: LineFields): JsonPattern[] {
  return Object.entries(fields).map(([field, value]) =>
    typeof value === 'string'
      ? FilterPattern.stringValue(`$.${field}`, '=', value)
      : FilterPattern.stringValue(`$.${field}`, '!=', value.not),
  );
}

function paths(dimensions: Dimensions): Record<string, string> {
  return Object.fromEntries(Object.entries(dimensions).map(([name, field]) => [name, `$.${field}`]));
}
