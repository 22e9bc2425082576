import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isRecord, withoutMark } from '../../lambda/shared/json.ts';
import { errorMessage } from '../error-message.ts';

/** What the files say in which the CDK CLI is configured. */
export interface AppConfiguration {
  /** The command line, or the file, that runs the app; undefined if no file names one. */
  app: string | undefined;
  context: Readonly<Record<string, unknown>>;
  /** Patterns of the files that `cdk watch` watches, and of those that it leaves out. */
  watch: { include: readonly string[]; exclude: readonly string[] };
}

const defaultWatch = ['bin/**', 'lib/**', 'lambda/**', 'src/**'];

/**
 * Reads what the CDK CLI reads: cdk.json and cdk.context.json of a folder, and .cdk.json of the user's home.
 *
 * @param context what `-c name=value` gives; it wins over cdk.json, which wins over cdk.context.json, which wins over
 * ~/.cdk.json. Objects are merged.
 * @param home the folder of .cdk.json
 * @throws Error naming a file that holds no JSON object
 * @see https://docs.aws.amazon.com/cdk/v2/guide/context.html
 */
export function readConfiguration(
  folder: string,
  context: Readonly<Record<string, string>> = {},
  home = homedir(),
): AppConfiguration {
  const user = readObject(join(home, '.cdk.json'));
  const project = readObject(join(folder, 'cdk.json'));
  const lookedUp = readObject(join(folder, 'cdk.context.json'));
  const { app } = { ...user, ...project };
  const { include, exclude } = Object(project.watch) as { include?: unknown; exclude?: unknown };
  return {
    app: typeof app === 'string' ? app : undefined,
    context: [user.context, lookedUp, project.context, context].filter(isRecord).reduce(merge, {}),
    watch: { include: texts(include) ?? defaultWatch, exclude: texts(exclude) ?? [] },
  };
}

function readObject(file: string): Record<string, unknown> {
  if (!existsSync(file)) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(withoutMark(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new Error(`${file} holds no JSON: ${errorMessage(cause)}`, { cause });
  }
  if (!isRecord(parsed)) throw new Error(`${file} holds no JSON object.`);
  return parsed;
}

/** Puts the second over the first. */
function merge(below: Record<string, unknown>, above: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...below };
  for (const [name, value] of Object.entries(above)) {
    const former = merged[name];
    merged[name] = isRecord(value) && isRecord(former) ? merge(former, value) : value;
  }
  return merged;
}

/** The texts of a value that may be one or a list, as cdk.json takes them. */
function texts(value: unknown): string[] | undefined {
  return value === undefined ? undefined : [value].flat().map(String);
}
