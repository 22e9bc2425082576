import { statSync } from 'node:fs';
import { delimiter, extname, join, resolve } from 'node:path';

/** What Node runs by itself. */
const scripts = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];

/**
 * The command line that runs a CDK app. Like the CDK CLI, it takes a command line for a shell, or a file: then Node runs
 * the file, with the arguments after it.
 *
 * @param app `npx tsx bin/app.ts`, or `bin/app.ts`
 * @param folder the folder of the app
 */
export function commandLine(app: string, folder: string): string {
  if (isScript(app, folder)) return `${quoted(process.execPath)} ${quoted(app)}`;
  const [, first = '', rest = ''] = app.trim().match(/^("[^"]+"|\S+)(.*)$/s) ?? [];
  const file = first.replace(/^"|"$/g, '');
  return isScript(file, folder) ? `${quoted(process.execPath)} ${quoted(file)}${rest}` : app;
}

/**
 * The environment of an app: commands of the packages that are installed in its folder are found, as by npx.
 *
 * @param environment the variables of this process. Windows writes the name of PATH in other ways, too.
 */
export function withInstalledCommands(
  environment: Readonly<NodeJS.ProcessEnv>,
  folder: string,
): NodeJS.ProcessEnv {
  const name = Object.keys(environment).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const installed = join(folder, 'node_modules', '.bin');
  return { ...environment, [name]: [installed, environment[name]].filter(Boolean).join(delimiter) };
}

function isScript(file: string, folder: string): boolean {
  if (!scripts.includes(extname(file))) return false;
  return statSync(resolve(folder, file), { throwIfNoEntry: false })?.isFile() ?? false;
}

/** One word for the shell. Windows's has no single quotes, and its file names have no double ones. */
function quoted(word: string): string {
  return process.platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`;
}
