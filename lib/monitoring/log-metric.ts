import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, type JsonPattern } from 'aws-cdk-lib/aws-logs';

/** The values that fields of a log line have; `*` for any, and for any but one `{ not: … }`. */
export type LineFields = Readonly<Record<string, string | { not: string }>>;

export interface CountOptions {
  /**
   * Fields that tell its values apart, by the name of the dimension: each combination is a metric of its own, at
   * $0.30 a month, so fields of few values only.
   *
   * @default - one metric without dimensions
   */
  dimensions?: Readonly<Record<string, string>>;
  /**
   * Has no value, in place of 0, while other lines are logged. CloudWatch knows no 0 of a metric with dimensions.
   *
   * @default - true if there are dimensions
   */
  isSparse?: boolean;
}

/**
 * Counts log lines by metric filters: one for each kind of line.
 *
 * @param metric namespace and name, which several log groups may feed
 * @param fields of the lines to count, or of each kind of them; no line may be of two kinds
 * @returns the metric, as a sum over 5 minutes
 */
export function countLines(
  { namespace, name }: { namespace: string; name: string },
  logGroup: ILogGroup,
  fields: LineFields | readonly LineFields[],
  { dimensions, isSparse = dimensions !== undefined }: CountOptions,
): Metric {
  for (const [index, kind] of [fields].flat().entries()) {
    logGroup.addMetricFilter(index === 0 ? name : `${name}${index + 1}`, {
      filterPattern: FilterPattern.all(...Object.entries(kind).map(patternOf)),
      metricNamespace: namespace,
      metricName: name,
      metricValue: '1',
      ...(isSparse ? {} : { defaultValue: 0 }),
      ...(dimensions ? { dimensions: paths(dimensions) } : {}),
    });
  }
  return new Metric({ namespace, metricName: name, statistic: 'Sum' });
}

function patternOf([field, value]: [string, string | { not: string }]): JsonPattern {
  return typeof value === 'string'
    ? FilterPattern.stringValue(`$.${field}`, '=', value)
    : FilterPattern.stringValue(`$.${field}`, '!=', value.not);
}

function paths(dimensions: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(dimensions).map(([name, field]) => [name, `$.${field}`]));
}
