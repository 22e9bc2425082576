import { Scanner } from './scanner.ts';

/** A filter pattern that the local run does not know, or that CloudWatch Logs does not. */
export class FilterPatternError extends Error {}

/** Whether a pattern matches a log line that is a JSON object. */
type Matcher = (line: unknown) => boolean;

/** CloudWatch Logs takes no longer pattern. */
const maxLength = 1_024;

/**
 * Reads a filter pattern for lines of JSON, such as `{ ($.outcome = "rejected") && ($.status >= 400) }`.
 *
 * A selector that finds no string or number matches nothing, `!=` included: AWS's page says so of arrays and
 * objects, and https://github.com/DataBiosphere/azul/issues/5884 tried it with a field that is missing. A `*` at the
 * beginning or the end of a text, in quotes or not, stands for anything; elsewhere it is itself. A number without
 * quotes compares with numbers, and by `=` and `!=` with texts that are written the same.
 *
 * @throws FilterPatternError for a pattern of another kind: terms, fields between spaces, regular expressions
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function parseFilterPattern(pattern: string): Matcher {
  if (pattern.length > maxLength) {
    throw new FilterPatternError(`it has ${pattern.length} characters; ${maxLength} are allowed`);
  }
  const scanner = new Scanner(pattern);
  expect(scanner, /\{/, 'an opening brace, for a pattern over JSON');
  const matcher = anyOf(scanner);
  expect(scanner, /\}$/, 'a closing brace at the end');
  return matcher;
}

function anyOf(scanner: Scanner): Matcher {
  const parts = [allOf(scanner)];
  while (scanner.take(/\|\|/)) parts.push(allOf(scanner));
  return (line) => parts.some((matches) => matches(line));
}

function allOf(scanner: Scanner): Matcher {
  const parts = [term(scanner)];
  while (scanner.take(/&&/)) parts.push(term(scanner));
  return (line) => parts.every((matches) => matches(line));
}

function term(scanner: Scanner): Matcher {
  if (!scanner.take(/\(/)) return condition(scanner);
  const matcher = anyOf(scanner);
  expect(scanner, /\)/, 'a closing parenthesis');
  return matcher;
}

function condition(scanner: Scanner): Matcher {
  const select = selector(expect(scanner, /\$(\.[\w-]+(\[\d+\])*)+/, 'a selector such as $.field'));
  if (scanner.take(/NOT\s+EXISTS\b/)) return (line) => select(line) === undefined;
  if (scanner.take(/IS\b/)) {
    const wanted: unknown = JSON.parse(
      expect(scanner, /(NULL|TRUE|FALSE)\b/, 'NULL, TRUE or FALSE').toLowerCase(),
    );
    return (line) => select(line) === wanted;
  }
  const operator = expect(scanner, /!=|<=|>=|=|<|>/, 'an operator');
  const holds = comparison(scanner, operator);
  return (line) => {
    const found = select(line);
    return (typeof found === 'string' || typeof found === 'number') && holds(found);
  };
}

const orders: Readonly<Record<string, (found: number, wanted: number) => boolean>> = {
  '<': (found, wanted) => found < wanted,
  '<=': (found, wanted) => found <= wanted,
  '>': (found, wanted) => found > wanted,
  '>=': (found, wanted) => found >= wanted,
};

function comparison(scanner: Scanner, operator: string): (found: string | number) => boolean {
  const number = scanner.take(/[+-]?\d+(\.\d+)?([eE][+-]?\d+)?(?![\w*.:-])/);
  const order = orders[operator];
  if (order) {
    if (number === undefined) throw unexpected(scanner, `a number after ${operator}`);
    return (found) => typeof found === 'number' && order(found, Number(number));
  }
  const equals = number === undefined ? textEquals(scanner) : numberEquals(number);
  return operator === '=' ? equals : (found) => !equals(found);
}

function numberEquals(number: string): (found: string | number) => boolean {
  return (found) => (typeof found === 'number' ? found === Number(number) : found === number);
}

function textEquals(scanner: Scanner): (found: string | number) => boolean {
  const quoted = scanner.take(/"[^"\\]*"/)?.slice(1, -1);
  const text = quoted ?? expect(scanner, /[\w*.:-]+/, 'a text in double quotes or a number');
  const [open, closed] = [text.startsWith('*'), text.endsWith('*')];
  const core = text.slice(open ? 1 : 0, closed && text.length > 1 ? -1 : undefined);
  const matches = (found: string) => {
    if (open && closed) return found.includes(core);
    if (open) return found.endsWith(core);
    return closed ? found.startsWith(core) : found === core;
  };
  // A value in quotes is a text. Without them, `*` and `5*` are for numbers, too.
  return (found) => (typeof found === 'string' || quoted === undefined) && matches(String(found));
}

/**
 * Reads a selector such as `$.users[0].id`.
 *
 * @returns a function that gives what it selects, or undefined
 */
export function selector(path: string): (line: unknown) => unknown {
  const steps = [...path.matchAll(/\.([\w-]+)|\[(\d+)\]/g)].map(([, field, index]) => field ?? Number(index));
  return (line) => steps.reduce(step, line);
}

function step(from: unknown, key: string | number): unknown {
  if (typeof from !== 'object' || from === null || Array.isArray(from) !== (typeof key === 'number'))
    return undefined;
  return Object.hasOwn(from, key) ? Reflect.get(from, key) : undefined;
}

function expect(scanner: Scanner, pattern: RegExp, what: string): string {
  const taken = scanner.take(pattern);
  if (taken === undefined) throw unexpected(scanner, what);
  return taken;
}

function unexpected(scanner: Scanner, what: string): FilterPatternError {
  return new FilterPatternError(`it needs ${what} where it has ${scanner.rest || 'its end'}`);
}
