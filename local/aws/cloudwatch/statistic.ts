/** The values of a metric in some time, each with how often it came. */
type Values = ReadonlyMap<number, number>;

/** Makes one number of the values of a period, of which there is at least one. */
export type Statistic = (values: Values) => number;

const named: Readonly<Record<string, Statistic>> = {
  Sum: sum,
  SampleCount: count,
  Average: (values) => sum(values) / count(values),
  Minimum: (values) => [...values.keys()].reduce((least, value) => Math.min(least, value)),
  Maximum: (values) => [...values.keys()].reduce((most, value) => Math.max(most, value)),
};

/**
 * Finds a statistic by CloudWatch's name of it: `Sum`, `SampleCount`, `Average`, `Minimum`, `Maximum`, or a percentile
 * such as `p99` or `p99.9`, which is the value that this many per cent of all values do not exceed.
 *
 * @throws Error naming a statistic that is not known here
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 */
export function statistic(name: string): Statistic {
  const known = Object.hasOwn(named, name) ? named[name] : percentile(name);
  if (!known) throw new Error(`The local run does not know the statistic ${name}.`);
  return known;
}

function percentile(name: string): Statistic | undefined {
  const percent = Number(name.match(/^p(\d{1,2}(?:\.\d+)?|100)$/)?.[1]);
  if (Number.isNaN(percent)) return undefined;
  return (values) => {
    const sorted = [...values].sort(([one], [other]) => one - other);
    const rank = (percent / 100) * count(values);
    let seen = 0;
    const found = sorted.find(([, times]) => {
      seen += times;
      return seen >= rank;
    });
    return found?.[0] ?? Number.NaN;
  };
}

function sum(values: Values): number {
  return [...values].reduce((total, [value, times]) => total + value * times, 0);
}

function count(values: Values): number {
  return [...values.values()].reduce((total, times) => total + times, 0);
}
