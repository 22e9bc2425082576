import { statSync } from 'node:fs';
import { extname, posix, resolve, win32 } from 'node:path';

/** What Node runs by itself. */
const scripts = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];

/**
 * The command line that runs a CDK app. Like the CDK CLI, it takes a command line for a shell, or a file: then Node runs
 * the file, with the arguments after it.
 *
 * @param app `npx tsx bin/app.ts`, or `bin/app.ts`
 * @param folder the folder of the app
 * @param platform whose shell it is for, as `process.platform` names it
 * @param node the Node that runs a file
 */
export function commandLine(
  app: string,
  folder: string,
  platform: NodeJS.Platform = process.platform,
  node = process.execPath,
): string {
  const quoted = platform === 'win32' ? cmdWord : shellWord;
  if (isScript(app, folder)) return `${quoted(node)} ${quoted(app)}`;
  const [, first = '', rest = ''] = app.trim().match(/^("[^"]+"|\S+)(.*)$/s) ?? [];
  const file = first.replace(/^"|"$/g, '');
  return isScript(file, folder) ? `${quoted(node)} ${quoted(file)}${rest}` : app;
}

/**
 * The environment of an app: commands of the packages that are installed in its folder are found, as by npx.
 *
 * @param environment the variables of this process. Windows writes the name of PATH in other ways, too.
 * @param platform as `process.platform` names it
 */
export function withInstalledCommands(
  environment: Readonly<NodeJS.ProcessEnv>,
  folder: string,
  platform: NodeJS.Platform = process.platform,
): NodeJS.ProcessEnv {
  const { delimiter, join } = platform === 'win32' ? win32 : posix;
  const name = Object.keys(environment).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const installed = join(folder, 'node_modules', '.bin');
  return { ...environment, [name]: [installed, environment[name]].filter(Boolean).join(delimiter) };
}

function isScript(file: string, folder: string): boolean {
  if (!scripts.includes(extname(file))) return false;
  return statSync(resolve(folder, file), { throwIfNoEntry: false })?.isFile() ?? false;
}

function shellWord(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * One word for cmd.exe, which has no single quotes; file names of Windows have no double ones. It puts in the value of
 * `%NAME%` also between quotes: if each percent sign stands outside of them behind a caret, it finds no name that it knows.
 */
function cmdWord(word: string): string {
  return `"${word.replaceAll('%', '"^%"')}"`;
}
