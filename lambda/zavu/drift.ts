import type * as z from 'zod/mini';

/**
 * How much is compared at most. It is far more than any documented event holds, whose largest part is a list of
 * contacts and which has five levels, and far less than what makes a comparison slow or overflows the stack.
 */
const maxNodes = 5_000;
const maxDepth = 64;

/** How many paths are reported for an event, and how long one may be: each is a log line and a metric's dimension. */
const maxPaths = 20;
const maxPath = 200;

/** What drift says of data that was not compared. */
const tooLarge = '(too large to compare)';

/**
 * Compares an event's data with its schema, and adapts values that differ only in form: if the schema has a text and
 * the data a number, the number becomes its text (an error code `30003`, an id), and if the schema has a number, a text
 * of digits becomes that number. The data is changed in place. Such a path is reported too, because Zavu changed
 * something.
 *
 * @returns the paths that differ, never their values; empty for data as the schema has it. Never throws: data that is
 *   too large, or on which the comparison fails, is reported as such and stays as it came
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

/**
 * Whether data is small enough. It counts level by level and not by recursion: data may be nested deeper than the
 * stack.
 */
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
 * A value in the form that a schema has. An integer so large that JSON.parse rounds it is not adapted: its text would
 * be another id.
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

/** Items of a list share one path, so that there are few paths, and keys that a schema does not name share one, too. */
function pathOf(path: readonly PropertyKey[]): string {
  const keys = path.map((key) => (typeof key === 'string' && /^\w{1,40}$/.test(key) ? key : '*'));
  return keys.join('.').slice(0, maxPath) || '(root)';
}
