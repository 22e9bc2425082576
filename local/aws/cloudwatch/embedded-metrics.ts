import * as z from 'zod';
import type { Datum } from './metric.ts';
import { isMetricValue } from './metric.ts';

/** Why CloudWatch takes no metrics from a line that asks for some in the embedded metric format. */
export class EmbeddedMetricsError extends Error {}

const value = z.number().refine(isMetricValue, 'must be within ±2^360');
const directive = z.object({
  Namespace: z.string().min(1).max(255),
  Dimensions: z.array(z.array(z.string().min(1).max(255)).max(30)).min(1),
  Metrics: z.array(z.object({ Name: z.string().min(1).max(255) })).max(100),
});
const document = z.object({ _aws: z.object({ CloudWatchMetrics: z.array(directive) }) });
const values = z.union([value.transform((each) => [each]), z.array(value).max(100)]);

/**
 * Reads the metrics that a log line asks for in the embedded metric format. On Lambda they may follow a prefix.
 *
 * @returns its values; none if the line asks for no metrics
 * @throws EmbeddedMetricsError if a member is missing, is no number, is out of bounds, or if there are too many
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(line: string): Datum[] {
  if (!line.includes('"_aws"')) return [];
  const root = objectIn(line);
  if (!root || !Object.hasOwn(root, '_aws')) return [];
  const { _aws } = parsed(document, root, '_aws');
  return _aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name }) =>
      parsed(values, root[Name], Name).flatMap((each) =>
        Dimensions.map((names) => ({
          metric: {
            namespace: Namespace,
            name: Name,
            dimensions: Object.fromEntries(
              names.map((name) => [name, parsed(z.string().min(1).max(1_024), root[name], name)]),
            ),
          },
          value: each,
        })),
      ),
    ),
  );
}

function objectIn(line: string): Record<string, unknown> | undefined {
  try {
    const { data } = z.record(z.string(), z.unknown()).safeParse(JSON.parse(line.slice(line.indexOf('{'))));
    return data;
  } catch {
    return undefined;
  }
}

function parsed<Schema extends z.ZodType>(schema: Schema, member: unknown, name: string): z.infer<Schema> {
  const { data, error } = schema.safeParse(member);
  if (error) throw new EmbeddedMetricsError(`${name} of a line with metrics: ${z.prettifyError(error)}`);
  return data;
}
