/** An environment that holds every variable of a function's `env.ts`. */
type Env<Name extends string> = Readonly<Record<Name, string>>;

/**
 * Reads a function's environment once, at cold start.
 *
 * @param names the variables listed in the function's `env.ts`
 * @param source where to read them, `process.env` unless a test says otherwise
 * @returns the variables, none of them empty
 * @throws Error naming every variable that is missing or empty, so that one deployment fixes them all
 */
export function readEnv<Name extends string>(
  names: readonly Name[],
  source: Record<string, string | undefined> = process.env,
): Env<Name> {
  const missing = names.filter((name) => !source[name]);
  if (missing.length > 0) {
    throw new Error(
      `Missing environment variables: ${missing.join(', ')}. The construct that deploys this function sets them; redeploy with \`npx cdk deploy\`.`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, source[name]])) as Env<Name>;
}

/**
 * Reads a variable that holds a whole, non-negative number.
 *
 * @throws Error naming the variable
 */
export function readInteger<Name extends string>(env: Env<Name>, name: Name): number {
  if (!/^\d{1,15}$/.test(env[name])) throw new Error(`Environment variable ${name} must be a whole number.`);
  return Number(env[name]);
}

/**
 * Reads a variable that holds a limit: a whole number, or `none` if there is no limit. A variable that is missing or
 * empty is a mistake of the deployment, so it does not mean that there is no limit.
 *
 * @returns Infinity for `none`
 * @throws Error naming the variable
 */
export function readLimit<Name extends string>(env: Env<Name>, name: Name): number {
  return env[name] === 'none' ? Number.POSITIVE_INFINITY : readInteger(env, name);
}

/** Reads a variable that holds a comma-separated list. */
export function readList<Name extends string>(env: Env<Name>, name: Name): string[] {
  return env[name].split(',');
}
