import { Scanner } from './scanner.ts';
import {
  added,
  betweenValues,
  chosen,
  combined,
  largest,
  MetricMathError,
  mapSeries,
  repeated,
  type Series,
  series,
  total,
  type Value,
  wholeSeries,
} from './series.ts';

/** What an expression refers to. */
interface MathTerms {
  /** The series of a metric or of another expression; undefined if nothing has the id. */
  byId(id: string): Series | undefined;
  /** The metrics of the request, without its expressions: what `METRICS()` gives. */
  metrics: readonly Series[];
  /** How many periods every series has. */
  periods: number;
  /** The length of a period. */
  periodSeconds: number;
  /** When the last period ends, in seconds since the epoch. */
  endSeconds: number;
}

type Node = (terms: MathTerms) => Value;

/** CloudWatch takes no longer expression. */
const maxLength = 2_048;

/**
 * Reads a metric math expression: numbers, ids, `+ - * /`, comparisons, parentheses, `SUM(METRICS())`, `SUM([a, b])`,
 * `FILL(a, 0)`, `FILL(a, REPEAT)`, `DIFF(a)`, `DIFF_TIME(a)`, `EPOCH(a)`, `IF(a, b, c)`, `TIME_SERIES(1)`, and what an
 * alarm may ask of a whole series: `MAX(EPOCH(a))` and `SUM(IF(EPOCH(a) …))`.
 *
 * In arithmetic and comparisons a missing value counts as 0 beside one that exists; if all are missing, there is no value.
 * A value that was divided by zero is dropped. `FILL` fills each period that is read, also of a metric that never had a
 * value. A comparison gives 1 or 0. `EPOCH` gives the beginning of every period, unless the series has no value at all.
 *
 * @returns a function that calculates it, and throws a MetricMathError for an id that nothing has
 * @throws MetricMathError for another operator or function, and for what depends on how many periods are read
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function parseMetricMath(expression: string): (terms: MathTerms) => Series {
  if (expression.length > maxLength) throw new MetricMathError(`it has more than ${maxLength} characters`);
  const scanner = new Scanner(expression);
  const node = comparison(scanner);
  if (scanner.rest) throw unexpected(scanner);
  return (terms) => series(node(terms), 'The result');
}

function comparison(scanner: Scanner): Node {
  const node = sum(scanner);
  const operator = scanner.take(/[<>]=?|[=!]=/);
  return operator ? arithmetic(operator, node, sum(scanner)) : node;
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
  if (scanner.take(/\(/)) return closed(scanner, /\)/, comparison(scanner));
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
      const isOfWindow = /^IF\s*\(\s*EPOCH\b/.test(scanner.rest);
      const node = closed(scanner, /\)/, sum(scanner));
      return (terms) => (isOfWindow ? total(series(node(terms), 'SUM')) : added(node(terms)));
    }
    case 'MAX': {
      // The last period is the same however many are read before it.
      if (!/^EPOCH\b/.test(scanner.rest)) throw wholeSeries('MAX');
      const node = closed(scanner, /\)/, sum(scanner));
      return (terms) => largest(series(node(terms), 'MAX'));
    }
    case 'DIFF': {
      const node = closed(scanner, /\)/, sum(scanner));
      return (terms) =>
        mapSeries(node(terms), 'DIFF', (values) => betweenValues(values, (before, value) => value - before));
    }
    case 'DIFF_TIME': {
      const node = closed(scanner, /\)/, sum(scanner));
      return (terms) =>
        mapSeries(node(terms), 'DIFF_TIME', (values) =>
          betweenValues(values, (_before, _value, periods) => periods * terms.periodSeconds),
        );
    }
    case 'FILL': {
      const node = closed(scanner, /,/, sum(scanner));
      const filler = scanner.take(/REPEAT\b|-?\d+(\.\d+)?/);
      if (!filler) throw unexpected(scanner);
      const fill =
        filler === 'REPEAT' ? repeated : (values: Series) => values.map((value) => value ?? Number(filler));
      return closed(scanner, /\)/, (terms) => mapSeries(node(terms), 'FILL', fill));
    }
    case 'EPOCH': {
      const node = closed(scanner, /\)/, sum(scanner));
      return (terms) => mapSeries(node(terms), 'EPOCH', (values) => beginnings(values, terms));
    }
    case 'IF': {
      const condition = closed(scanner, /,/, comparison(scanner));
      const whenTrue = closed(scanner, /,/, sum(scanner));
      const whenFalse = closed(scanner, /\)/, sum(scanner));
      return (terms) => chosen(series(condition(terms), 'A condition'), whenTrue(terms), whenFalse(terms));
    }
    case 'TIME_SERIES': {
      const node = closed(scanner, /\)/, comparison(scanner));
      return (terms) => {
        const value = node(terms);
        if (typeof value !== 'number') throw new MetricMathError('TIME_SERIES takes a number');
        return Array.from({ length: terms.periods }, () => value);
      };
    }
    default:
      throw new MetricMathError(`the local run does not know the function ${name}`);
  }
}

function beginnings(values: Series, { periodSeconds, endSeconds }: MathTerms): Series {
  if (values.every((value) => value === undefined)) return values;
  return values.map((_value, index) => endSeconds - (values.length - index) * periodSeconds);
}

function closed(scanner: Scanner, end: RegExp, node: Node): Node {
  if (!scanner.take(end)) throw unexpected(scanner);
  return node;
}

function arithmetic(operator: string, left: Node, right: Node): Node {
  return (terms) => combined(operator, left(terms), right(terms));
}

function unexpected(scanner: Scanner): MetricMathError {
  return new MetricMathError(`the local run does not know what it has at ${scanner.rest || 'its end'}`);
}
