import * as z from 'zod';

/** A metric that a widget shows, or all metrics of a name that have these dimensions. */
interface ShownMetric {
  namespace: string;
  name: string;
  /** Values by name; one that is undefined stands for any value. */
  dimensions: Readonly<Record<string, string | undefined>>;
  /** The widget's title. */
  widget: string;
}

const cell = z.union([z.string(), z.looseObject({ expression: z.string().optional() })]);
const body = z.object({
  widgets: z.array(
    z.discriminatedUnion('type', [
      z.object({ type: z.enum(['text', 'alarm']) }),
      z.object({
        type: z.literal('metric'),
        properties: z.looseObject({
          title: z.string().default('untitled'),
          metrics: z.array(z.array(cell)).default([]),
        }),
      }),
    ]),
  ),
});

/**
 * Reads the metrics that a dashboard shows.
 *
 * @param json a dashboard's body
 * @throws Error naming the widget and what is not known here: other types, rows with `.` or `...`, other searches
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function dashboardMetrics(json: string): ShownMetric[] {
  const { data, error } = body.safeParse(JSON.parse(json));
  if (error) throw new Error(`The local run does not know this dashboard: ${z.prettifyError(error)}`);
  return data.widgets.flatMap((widget) =>
    widget.type === 'metric'
      ? widget.properties.metrics.flatMap((row) => shown(row, widget.properties.title))
      : [],
  );
}

function shown(row: readonly z.infer<typeof cell>[], widget: string): ShownMetric[] {
  const texts = row.filter((part) => typeof part === 'string');
  const expression = row.flatMap((part) => (typeof part === 'string' ? [] : (part.expression ?? [])))[0];
  if (expression !== undefined) return expression.includes('SEARCH') ? [searched(expression, widget)] : [];
  const [namespace, name, ...pairs] = texts;
  if (!namespace || !name || pairs.length % 2 !== 0 || texts.some((text) => /^\.+$/.test(text))) {
    throw new Error(`The local run does not know the row ${JSON.stringify(row)} of the widget ${widget}.`);
  }
  const names = pairs.filter((_, index) => index % 2 === 0);
  const dimensions = Object.fromEntries(names.map((key, index) => [key, pairs[2 * index + 1]]));
  return [{ namespace, name, dimensions, widget }];
}

/** A search for all metrics of one name: `SEARCH('{"Namespace",Dimension} MetricName="Name"', 'Sum')`. */
function searched(expression: string, widget: string): ShownMetric {
  const [, namespace, names, name] =
    expression.match(/^SEARCH\('\{"([^"]+)"((?:,\w+)*)\} MetricName="([^"]+)"', '\w+'(?:, \d+)?\)$/) ?? [];
  if (!namespace || !name) {
    throw new Error(`The local run does not know the search ${expression} of the widget ${widget}.`);
  }
  const keys = names?.split(',').slice(1) ?? [];
  return { namespace, name, dimensions: Object.fromEntries(keys.map((key) => [key, undefined])), widget };
}
