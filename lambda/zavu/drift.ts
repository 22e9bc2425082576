import type * as z from 'zod/mini';

/**
 * What is compared at most: far more than any documented event holds (a list of contacts is its largest part, and
 * five levels its deepest), and far less than what makes a comparison slow, or overflow the stack with its findings.
 */
const maxNodes = 5_000;
const maxDepth = 64;

/** Each path is a log line and a metric's dimension. How many are told of an event, and how long one is. */
const maxPaths = 20;
const maxPath = 200;

/** What drift says of data that was not compared. */
const tooLarge = '(too large to compare)';

/**
 * Compares an event's data with its schema, and adapts what differs in form alone: where the schema has a text and
 * the data a number, the number becomes its text (an error code `30003`, an id), and where it has a number, a text
 * of digits becomes that number. The data is changed in place. It is told all the same: Zavu changed something.
 *
 * @returns the paths that differ, never their values; none for data as the schema has it. Never throws: data that is
 *   too large, or that the comparison fails on, is told as such and stays as it came
 */
export function drifted(schema: z.core.$ZodType & z.ZodMiniType, data: object): string[] {
  try {
    if (!isComparable(data)) return [tooLarge];
    const result = schema.safeParse(data);
    if (result.success) return [];
    for (const issue of result.error.issues) adapt(data, issue);
    const paths = new Set(result.error.issues.map(({ path }) => pathOf(path)));
    return paths.size > maxPaths ? [...[...paths].slice(0, maxPaths), '(more)'] : [...paths];
  } catch {
    return [tooLarge];
  }
}

/** Counts level by level, not by recursion: data may be nested deeper than the stack. */
function isComparable(data: object): boolean {
  let nodes = 1;
  let level: object[] = [data];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return false;
    const next: object[] = [];
    for (const each of level) {
      const children: unknown[] = Object.values(each);
      nodes += children.length;
      if (nodes > maxNodes) return false;
      for (const child of children) if (typeof child === 'object' && child !== null) next.push(child);
    }
    level = next;
  }
  return true;
}

function adapt(data: object, issue: z.core.$ZodIssue): void {
  if (issue.code !== 'invalid_type') return;
  const last = issue.path.at(-1);
  const holder = issue.path
    .slice(0, -1)
    .reduce<unknown>((value, key) => Reflect.get(Object(value), key), data);
  if (last === undefined || typeof holder !== 'object' || holder === null) return;
  const adapted = adaptedTo(issue.expected, Reflect.get(holder, last));
  if (adapted !== undefined) Object.defineProperty(holder, last, { value: adapted });
}

/**
 * A value in the form that a schema has. An integer that JSON's readers round is not: its text would be another's id.
 */
function adaptedTo(expected: string, value: unknown): string | number | undefined {
  if (expected === 'string' && typeof value === 'number') {
    const isExact = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
    return isExact ? String(value) : undefined;
  }
  if (expected === 'number' && typeof value === 'string' && /^-?\d{1,15}(\.\d{1,15})?$/.test(value)) {
    return Number(value);
  }
  return undefined;
}

/** Items of a list share one path, so that there are few of them, and so does what a schema does not name. */
function pathOf(path: readonly PropertyKey[]): string {
  const keys = path.map((key) => (typeof key === 'string' && /^\w{1,40}$/.test(key) ? key : '*'));
  return keys.join('.').slice(0, maxPath) || '(root)';
}
