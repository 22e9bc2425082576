import { Scanner } from './scanner.ts';

/** A value for each period, oldest first; undefined where there is none. */
export type Series = readonly (number | undefined)[];

/** An expression that the local run does not know, or that CloudWatch does not. */
export class MetricMathError extends Error {}

/** What an expression refers to. */
export interface Terms {
  /** The series of a metric or of another expression; undefined where nothing has the id. */
  byId(id: string): Series | undefined;
  /** The metrics of the request, without its expressions: what `METRICS()` gives. */
  metrics: readonly Series[];
  /** The length of their periods. */
  periodSeconds: number;
}

type Value = number | Series | { all: readonly Series[] };
type Node = (terms: Terms) => Value;

/** CloudWatch takes no longer expression. */
const maxLength = 2_048;

/**
 * Reads a metric math expression: numbers, ids, `+ - * /`, parentheses, `SUM(METRICS())`, `SUM([a, b])`,
 * `FILL(a, 0)`, `FILL(a, REPEAT)`, `DIFF(a)` and `DIFF_TIME(a)`.
 *
 * In arithmetic a missing value counts as 0 beside one that exists; where all are missing, there is no value. What is
 * divided by zero is dropped. `FILL` fills each period that is read, also of a metric that never had a value.
 *
 * @returns a function that calculates it, and throws a MetricMathError for an id that nothing has
 * @throws MetricMathError for another operator or function
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function parseMetricMath(expression: string): (terms: Terms) => Series {
  if (expression.length > maxLength) throw new MetricMathError(`it has more than ${maxLength} characters`);
  const scanner = new Scanner(expression);
  const node = sum(scanner);
  if (scanner.rest) throw unexpected(scanner);
  return (terms) => series(node(terms), 'The result');
}

function sum(scanner: Scanner): Node {
  let node = product(scanner);
  for (;;) {
    const operator = scanner.take(/[+-]/);
    if (!operator) return node;
    node = arithmetic(operator, node, product(scanner));
  }
}

function product(scanner: Scanner): Node {
  let node = factor(scanner);
  for (;;) {
    const operator = scanner.take(/[*/]/);
    if (!operator) return node;
    node = arithmetic(operator, node, factor(scanner));
  }
}

function factor(scanner: Scanner): Node {
  if (scanner.take(/-/)) return arithmetic('*', () => -1, factor(scanner));
  const number = scanner.take(/\d+(\.\d+)?/);
  if (number) return () => Number(number);
  if (scanner.take(/\(/)) return closed(scanner, /\)/, sum(scanner));
  if (scanner.take(/\[/)) return closed(scanner, /\]/, list(scanner));
  const called = scanner.take(/[A-Z_0-9]+(?=\s*\()/);
  if (called) return call(called, scanner);
  const id = scanner.take(/[a-z]\w*/);
  if (!id) throw unexpected(scanner);
  return (terms) => {
    const found = terms.byId(id);
    if (!found) throw new MetricMathError(`it refers to ${id}, which is neither a metric nor an expression`);
    return found;
  };
}

function list(scanner: Scanner): Node {
  const nodes = [sum(scanner)];
  while (scanner.take(/,/)) nodes.push(sum(scanner));
  return (terms) => ({ all: nodes.map((node) => series(node(terms), 'A part of a list')) });
}

function call(name: string, scanner: Scanner): Node {
  scanner.take(/\(/);
  switch (name) {
    case 'METRICS':
      return closed(scanner, /\)/, ({ metrics }) => ({ all: metrics }));
    case 'SUM': {
      const node = closed(scanner, /\)/, sum(scanner));
      return (terms) => added(node(terms));
    }
    case 'DIFF': {
      const node = closed(scanner, /\)/, sum(scanner));
      return (terms) =>
        each(node(terms), 'DIFF', (values) => betweenValues(values, (before, value) => value - before));
    }
    case 'DIFF_TIME': {
      const node = closed(scanner, /\)/, sum(scanner));
      return (terms) =>
        each(node(terms), 'DIFF_TIME', (values) =>
          betweenValues(values, (_before, _value, periods) => periods * terms.periodSeconds),
        );
    }
    case 'FILL': {
      const node = closed(scanner, /,/, sum(scanner));
      const filler = scanner.take(/REPEAT\b|-?\d+(\.\d+)?/);
      if (!filler) throw unexpected(scanner);
      const fill =
        filler === 'REPEAT' ? repeated : (values: Series) => values.map((value) => value ?? Number(filler));
      return closed(scanner, /\)/, (terms) => each(node(terms), 'FILL', fill));
    }
    default:
      throw new MetricMathError(`the local run does not know the function ${name}`);
  }
}

function closed(scanner: Scanner, end: RegExp, node: Node): Node {
  if (!scanner.take(end)) throw unexpected(scanner);
  return node;
}

function added(value: Value): Series {
  if (typeof value === 'number' || !('all' in value)) {
    throw new MetricMathError(
      'SUM of a single series depends on how much is read: AWS advises against it in alarms',
    );
  }
  const [first = [], ...others] = value.all;
  return others.reduce((total, other) => paired(total, other, (one, two) => one + two), first);
}

/** Compares each value with the one before it, however many periods lie between them. The first has none. */
function betweenValues(
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

function repeated(values: Series): Series {
  let last: number | undefined;
  return values.map((value) => {
    last = value ?? last;
    return last;
  });
}

/** Applies a function to a series, or to each of an array. */
function each(value: Value, name: string, apply: (values: Series) => Series): Value {
  if (typeof value === 'number') throw new MetricMathError(`${name} of a number is no series`);
  return 'all' in value ? { all: value.all.map(apply) } : apply(value);
}

const operators: Readonly<Record<string, (one: number, two: number) => number>> = {
  '+': (one, two) => one + two,
  '-': (one, two) => one - two,
  '*': (one, two) => one * two,
  '/': (one, two) => one / two,
};

function arithmetic(operator: string, left: Node, right: Node): Node {
  const apply = operators[operator];
  if (!apply) throw new MetricMathError(`the local run does not know the operator ${operator}`);
  return (terms) => {
    const [one, two] = [left(terms), right(terms)];
    if (typeof one === 'number' && typeof two === 'number') return apply(one, two);
    if (typeof one === 'number')
      return each(two, operator, (values) => values.map((value) => kept(value, (it) => apply(one, it))));
    if (typeof two === 'number')
      return each(one, operator, (values) => values.map((value) => kept(value, (it) => apply(it, two))));
    return paired(series(one, operator), series(two, operator), apply);
  };
}

/** Combines two series; a value that is missing beside one that exists counts as 0. */
function paired(left: Series, right: Series, apply: (one: number, two: number) => number): Series {
  return left.map((one, index) => {
    const two = right[index];
    return kept(one ?? two, () => apply(one ?? 0, two ?? 0));
  });
}

/** The result for a value that exists, unless it was divided by zero. */
function kept(value: number | undefined, apply: (value: number) => number): number | undefined {
  const result = value === undefined ? undefined : apply(value);
  return Number.isFinite(result) ? result : undefined;
}

function series(value: Value, what: string): Series {
  if (typeof value !== 'number' && !('all' in value)) return value;
  throw new MetricMathError(
    `${what} must be one series, and not ${typeof value === 'number' ? 'a number' : 'several'}`,
  );
}

function unexpected(scanner: Scanner): MetricMathError {
  return new MetricMathError(`the local run does not know what it has at ${scanner.rest || 'its end'}`);
}
