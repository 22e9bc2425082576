/** A value for each period, oldest first; undefined if there is none. */
export type Series = readonly (number | undefined)[];

/** An expression that the local run does not know, or that CloudWatch does not. */
export class MetricMathError extends Error {}

/** What a part of an expression gives. */
export type Value = number | Series | { all: readonly Series[] };

/** Refuses what gives another result if more periods are read than an alarm asks for. CloudWatch does read more. */
export function wholeSeries(name: string): MetricMathError {
  return new MetricMathError(
    `${name} of a single series depends on how much is read: AWS advises against it in alarms`,
  );
}

/** The sum of all values of a series. */
export function total(values: Series): number {
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

/** The largest value of a series; NaN if it has none. */
export function largest(values: Series): number {
  const existing = values.filter((value) => value !== undefined);
  return existing.length > 0 ? Math.max(...existing) : Number.NaN;
}

/**
 * Takes each value from one of two, by a condition: true is any value but 0. Where the condition is missing there is no
 * value, and a value that is missing where it is true is 0.
 */
export function chosen(condition: Series, whenTrue: Value, whenFalse: Value): Series {
  const at = (value: Value, index: number) =>
    typeof value === 'number' ? value : series(value, 'A value of IF')[index];
  return condition.map((holds, index) => {
    if (holds === undefined) return undefined;
    return holds === 0 ? at(whenFalse, index) : (at(whenTrue, index) ?? 0);
  });
}

/** The sum of the series of an array. */
export function added(value: Value): Series {
  if (typeof value === 'number' || !('all' in value)) throw wholeSeries('SUM');
  const [first = [], ...others] = value.all;
  return others.reduce((total, other) => paired(total, other, (left, right) => left + right), first);
}

/** Compares each value with the one before it, however many periods lie between them. The first has none. */
export function betweenValues(
  values: Series,
  compare: (before: number, value: number, periods: number) => number,
): Series {
  let last: { value: number; index: number } | undefined;
  return values.map((value, index) => {
    if (value === undefined) return undefined;
    const result = last && compare(last.value, value, index - last.index);
    last = { value, index };
    return result;
  });
}

/** Puts the last value in the place of each missing one. */
export function repeated(values: Series): Series {
  let last: number | undefined;
  return values.map((value) => {
    last = value ?? last;
    return last;
  });
}

/** Applies a function to a series, or to each of an array. */
export function mapSeries(value: Value, name: string, apply: (values: Series) => Series): Value {
  if (typeof value === 'number') throw new MetricMathError(`${name} of a number is no series`);
  return 'all' in value ? { all: value.all.map(apply) } : apply(value);
}

const operators: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '<': (left, right) => Number(left < right),
  '<=': (left, right) => Number(left <= right),
  '>': (left, right) => Number(left > right),
  '>=': (left, right) => Number(left >= right),
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
};

/**
 * Combines two values.
 *
 * @param operator `+`, `-`, `*`, `/`, or a comparison, which gives 1 or 0
 * @throws MetricMathError for another operator, or for an array beside a series
 */
export function combined(operator: string, left: Value, right: Value): Value {
  const apply = operators[operator];
  if (!apply) throw new MetricMathError(`the local run does not know the operator ${operator}`);
  if (typeof left === 'number' && typeof right === 'number') return apply(left, right);
  if (typeof left === 'number')
    return mapSeries(right, operator, (values) =>
      values.map((value) => kept(value, (each) => apply(left, each))),
    );
  if (typeof right === 'number')
    return mapSeries(left, operator, (values) =>
      values.map((value) => kept(value, (each) => apply(each, right))),
    );
  return paired(series(left, operator), series(right, operator), apply);
}

/** Combines two series; a value that is missing beside one that exists counts as 0. */
function paired(first: Series, second: Series, apply: (left: number, right: number) => number): Series {
  return first.map((left, index) => {
    const right = second[index];
    return kept(left ?? right, () => apply(left ?? 0, right ?? 0));
  });
}

/** The result for a value that exists, unless it was divided by zero. */
function kept(value: number | undefined, apply: (value: number) => number): number | undefined {
  const result = value === undefined ? undefined : apply(value);
  return Number.isFinite(result) ? result : undefined;
}

/** @throws MetricMathError if a value is not one series */
export function series(value: Value, what: string): Series {
  if (typeof value !== 'number' && !('all' in value)) return value;
  throw new MetricMathError(
    `${what} must be one series, and not ${typeof value === 'number' ? 'a number' : 'several'}`,
  );
}
