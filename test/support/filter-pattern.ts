/**
 * Whether a metric filter matches a line, for the patterns that the stack makes: fields that equal a text, or differ
 * from it, `*` for any, joined by `&&`.
 *
 * @throws Error for any other pattern
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function matchesPattern(pattern: string, line: string): boolean {
  const terms = pattern.replace(/^\{ (.*) \}$/, '$1').split(' && ');
  const fields = fieldsOf(line);
  return terms.every((term) => {
    const [, field = '', operator, value] = /^\(?\$\.(\w+) (!?=) "([^"]*)"\)?$/.exec(term) ?? [];
    if (operator === undefined) throw new Error(`Not a pattern that is known here: ${pattern}`);
    const given = fields?.[field];
    if (given === undefined) return false;
    return (value === '*' || given === value) === (operator === '=');
  });
}

/** The fields of a line; undefined where it is not JSON, of which no JSON pattern matches anything. */
function fieldsOf(line: string): Record<string, unknown> | undefined {
  try {
    return Object(JSON.parse(line));
  } catch {
    return undefined;
  }
}
