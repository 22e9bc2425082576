/**
 * Reads settings that are given as `-c name=value`, as `cdk deploy` takes them. A value may hold further `=`.
 *
 * @param pairs the values of every `-c`
 * @returns the value of each name
 * @throws Error that names the first one without a name or without a `=`
 */
export function parseContextOptions(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const end = pair.indexOf('=');
      if (end < 1) throw new Error(`-c ${pair} is no setting. Give it as -c name=value.`);
      return [pair.slice(0, end), pair.slice(end + 1)];
    }),
  );
}
