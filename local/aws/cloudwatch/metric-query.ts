import * as z from 'zod';
import { errorMessage } from '../../error-message.ts';
import type { Metric } from './metric.ts';
import { parseMetricMath } from './metric-math.ts';
import type { MetricStore } from './metric-store.ts';
import type { Series } from './series.ts';
import { statistic } from './statistic.ts';

/** A metric as templates name it. */
export const metricShape = z.strictObject({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.strictObject({ Name: z.string(), Value: z.string() })).default([]),
});

/** An alarm's `Metrics`: metrics with a statistic, and expressions over them. */
export const queriesShape = z.array(
  z.strictObject({
    Id: z.string().regex(/^[a-z]\w*$/),
    Label: z.string().optional(),
    AccountId: z.string().optional(),
    Period: z.number().optional(),
    ReturnData: z.boolean().default(true),
    Expression: z.string().optional(),
    MetricStat: z.strictObject({ Metric: metricShape, Period: z.number(), Stat: z.string() }).optional(),
  }),
);

/** What an alarm watches: a series for some periods of the same length. */
export interface MetricQuery {
  metrics: readonly Metric[];
  periodSeconds: number;
  /** The values of the last `periods` periods before a time, in milliseconds. */
  read(store: MetricStore, periods: number, at: number): Series;
}

/** AWS takes no more metrics in the expression of an alarm. */
const maxMetrics = 10;

/** @throws Error for a statistic that is not known here */
export function simpleQuery(
  shape: z.infer<typeof metricShape>,
  stat: string,
  periodSeconds: number,
): MetricQuery {
  const metric = metricOf(shape);
  const calculate = statistic(stat);
  const periodMs = periodSeconds * 1_000;
  return {
    metrics: [metric],
    periodSeconds,
    read: (store, periods, at) =>
      Array.from({ length: periods }, (_, index) => {
        const end = at - (periods - 1 - index) * periodMs;
        return store.read(metric, calculate, end - periodMs, end);
      }),
  };
}

/**
 * Reads an alarm's `Metrics`.
 *
 * @throws Error for an expression, function, operator, statistic or id that is not known here
 */
export function mathQuery(shapes: z.infer<typeof queriesShape>): MetricQuery {
  const metrics = new Map<string, MetricQuery>();
  const expressions = new Map<string, ReturnType<typeof parseMetricMath>>();
  for (const { Id, MetricStat, Expression } of shapes) {
    if (metrics.has(Id) || expressions.has(Id)) throw new Error(`The id ${Id} is there twice.`);
    if (MetricStat && Expression === undefined) {
      metrics.set(Id, simpleQuery(MetricStat.Metric, MetricStat.Stat, MetricStat.Period));
    } else if (Expression !== undefined && !MetricStat) {
      expressions.set(Id, parsed(Id, Expression));
    } else {
      throw new Error(`${Id} must have either MetricStat or Expression.`);
    }
  }
  const [result, ...others] = shapes.filter(({ ReturnData }) => ReturnData);
  if (!result || others.length > 0)
    throw new Error('One metric or expression must return data, and no other.');
  if (metrics.size > maxMetrics) {
    throw new Error(`It has ${metrics.size} metrics; AWS takes ${maxMetrics} in an alarm.`);
  }
  const [first, ...rest] = [...metrics.values()].map(({ periodSeconds }) => periodSeconds);
  if (first === undefined || rest.some((period) => period !== first))
    throw new Error('Its metrics must have one period.');

  const read: MetricQuery['read'] = (store, periods, at) => {
    const all = new Map([...metrics].map(([id, query]) => [id, query.read(store, periods, at)] as const));
    const terms = {
      byId: (id: string) => find(id, []),
      metrics: [...all.values()],
      periods,
      periodSeconds: first,
      endSeconds: at / 1_000,
    };
    function find(id: string, via: readonly string[]): Series | undefined {
      if (via.includes(id)) throw new Error(`${id} refers to itself.`);
      const expression = expressions.get(id);
      if (!expression) return all.get(id);
      return expression({ ...terms, byId: (next) => find(next, [...via, id]) });
    }
    const series = find(result.Id, []);
    if (!series) throw new Error(`Nothing has the id ${result.Id}.`);
    return series;
  };
  return { metrics: [...metrics.values()].flatMap((query) => query.metrics), periodSeconds: first, read };
}

function parsed(id: string, expression: string): ReturnType<typeof parseMetricMath> {
  try {
    return parseMetricMath(expression);
  } catch (cause) {
    const why = errorMessage(cause);
    throw new Error(`The expression ${id} is ${expression}: ${why}.`, { cause });
  }
}

function metricOf({ Namespace, MetricName, Dimensions }: z.infer<typeof metricShape>): Metric {
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
  return { namespace: Namespace, name: MetricName, dimensions };
}
