import * as z from 'zod';
import { errorMessage } from '../../error-message.ts';
import type { Resource } from '../template/assembly.ts';
import type { Resolve } from '../template/resolve.ts';
import { parseFilterPattern, selector } from './filter-pattern.ts';
import type { Datum } from './metric.ts';
import { isMetricValue } from './metric.ts';

/** A value, with the time that it counts for, in milliseconds since the epoch. */
export type TimedDatum = Datum & { time: number };

const transformation = z.strictObject({
  MetricNamespace: z.string(),
  MetricName: z.string(),
  MetricValue: z
    .string()
    .regex(/^(\$\.[\w.[\]-]+|-?\d+(\.\d+)?)$/, 'must be a number or a selector such as $.field'),
  DefaultValue: z.number().optional(),
  Dimensions: z
    .array(z.strictObject({ Key: z.string(), Value: z.string().regex(/^\$\.[\w.[\]-]+$/) }))
    .max(3, 'CloudWatch Logs takes at most three dimensions')
    .default([]),
  Unit: z.string().optional(),
});
const properties = z.strictObject({
  LogGroupName: z.string(),
  FilterName: z.string().optional(),
  FilterPattern: z.string(),
  MetricTransformations: z.tuple([
    transformation.refine(
      ({ DefaultValue, Dimensions }) => DefaultValue === undefined || Dimensions.length === 0,
      'CloudWatch Logs takes no default value beside dimensions',
    ),
  ]),
});

const minuteMs = 60_000;

/**
 * Counts the lines of a log group that match a pattern, as a metric (`AWS::Logs::MetricFilter`).
 *
 * A line that lacks a dimension's field, or whose value is no number, gives no value. The default value is reported
 * for a minute in which the group took lines and none of them matched.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
 */
export class MetricFilter {
  readonly logGroup: string;
  readonly #matches: (line: unknown) => boolean;
  readonly #rule: z.infer<typeof transformation>;
  /** The minute of the last line, and whether a line of it matched. */
  #minute: { time: number; hasMatch: boolean } | undefined;

  /** @throws Error naming the filter, and the pattern or property that is not known here */
  constructor(logicalId: string, resource: Resource, resolve: Resolve) {
    const { data, error } = properties.safeParse(resolve(resource.Properties));
    if (error) throw new Error(`The metric filter ${logicalId}: ${z.prettifyError(error)}`);
    this.logGroup = data.LogGroupName;
    [this.#rule] = data.MetricTransformations;
    try {
      this.#matches = parseFilterPattern(data.FilterPattern);
    } catch (cause) {
      const why = errorMessage(cause);
      const known = 'The local run knows patterns over JSON.';
      throw new Error(
        `The metric filter ${logicalId} has the pattern ${data.FilterPattern}: ${why}. ${known}`,
        {
          cause,
        },
      );
    }
  }

  /**
   * Takes a line of the log group.
   *
   * @param line the parsed line if it is JSON, anything else if it is not
   * @returns the values that it gives, and the default value of a minute that is over
   */
  take(line: unknown, time: number): TimedDatum[] {
    const defaults = this.endMinute(time);
    this.#minute ??= { time, hasMatch: false };
    if (!this.#matches(line)) return defaults;
    this.#minute.hasMatch = true;
    const { MetricValue } = this.#rule;
    const value = MetricValue.startsWith('$') ? numberIn(selector(MetricValue)(line)) : Number(MetricValue);
    const dimensions = this.#dimensions(line);
    if (!isMetricValue(value) || !dimensions) return defaults;
    return [...defaults, this.#datum(value, dimensions, time)];
  }

  /** Gives the default value of the minute of the last line, if that minute is over at a time and none matched. */
  endMinute(time: number): TimedDatum[] {
    const last = this.#minute;
    if (!last || Math.floor(last.time / minuteMs) === Math.floor(time / minuteMs)) return [];
    this.#minute = undefined;
    const { DefaultValue } = this.#rule;
    return last.hasMatch || DefaultValue === undefined ? [] : [this.#datum(DefaultValue, {}, last.time)];
  }

  #datum(value: number, dimensions: Record<string, string>, time: number): TimedDatum {
    const { MetricNamespace, MetricName } = this.#rule;
    return { metric: { namespace: MetricNamespace, name: MetricName, dimensions }, value, time };
  }

  #dimensions(line: unknown): Record<string, string> | undefined {
    const found = this.#rule.Dimensions.map(({ Key, Value }) => [Key, selector(Value)(line)] as const);
    const isComplete = found.every(
      ([, value]) => ['string', 'number'].includes(typeof value) && value !== '',
    );
    return isComplete ? Object.fromEntries(found.map(([key, value]) => [key, String(value)])) : undefined;
  }
}

function numberIn(value: unknown): number {
  return typeof value === 'string' && value.trim() !== ''
    ? Number(value)
    : typeof value === 'number'
      ? value
      : Number.NaN;
}
