import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { readBundleRecords, recordsVariable } from '../../lib/functions/bundle-records.ts';
import { sourceMapsVariable } from '../../lib/functions/source-maps.ts';
import { removeTree } from '../remove-tree.ts';
import { appError } from './app-error.ts';
import { commandLine, withInstalledCommands } from './command.ts';
import { readConfiguration } from './configuration.ts';
import { readLoadedFiles, recordingVariables } from './loaded-files.ts';
import { killGroup, ownGroup } from './process-group.ts';
import type { MadeAssembly } from './rebuild.ts';

/** What the CDK CLI adds to the context: the construct's path of each resource tells whose it is. */
const cliContext = { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true };

/** A variable of Windows's environment takes as many characters, and one of Linux's four times as many bytes. */
const maxVariable = 30_000;

/**
 * Synthesizes the CDK app of this folder as `cdk synth` would.
 *
 * @param app a command line, a file that Node runs, or a directory with a cloud assembly; undefined for the one that
 * cdk.json names
 * @param context what `-c name=value` would give, beside the context of cdk.json, cdk.context.json and ~/.cdk.json
 * @param workspace directory to put the cloud assembly into, in a fresh one of its own
 * @param signal ends the synthesis
 * @returns the cloud assembly, with what it was made of
 * @throws Error with the app's own error
 * @see https://docs.aws.amazon.com/cdk/v2/guide/apps.html
 */
export async function synthesizeApp(
  app: string | undefined,
  context: Record<string, string>,
  workspace: string,
  signal: AbortSignal,
): Promise<MadeAssembly> {
  const folder = process.cwd();
  const configuration = readConfiguration(folder, context);
  const command = app ?? configuration.app;
  if (command === undefined) {
    throw new Error(
      `No cdk.json in ${folder} says how to run an app. Run the command in the folder of your CDK app, ` +
        'or name the app with --app.',
    );
  }
  if (statSync(resolve(folder, command), { throwIfNoEntry: false })?.isDirectory()) {
    return { directory: resolve(folder, command), bundles: [], loaded: undefined };
  }
  const directory = mkdtempSync(join(workspace, 'assembly-'));
  const environment = {
    ...withInstalledCommands(process.env, folder),
    // Half of the time of a synthesis goes into loading code, mostly CDK's.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(workspace, 'compiled-app'),
    CDK_OUTDIR: directory,
    [sourceMapsVariable]: sourceMapsIn(workspace),
    [recordsVariable]: `${directory}.bundles`,
    ...recordingVariables(`${directory}.loaded`, process.env),
    ...contextVariables({ ...configuration.context, ...cliContext }, directory),
  };
  try {
    await run(command, commandLine(command, folder), environment, signal);
    if (!existsSync(join(directory, 'manifest.json'))) {
      throw new Error(
        `${command} ended well and wrote no cloud assembly. Name what runs your CDK app, as cdk.json does.`,
      );
    }
    return {
      directory,
      bundles: readBundleRecords(`${directory}.bundles`),
      loaded: readLoadedFiles(`${directory}.loaded`, folder, directory),
    };
  } catch (error) {
    removeTree(directory);
    throw error;
  } finally {
    for (const kind of ['bundles', 'loaded', 'context.json']) removeTree(`${directory}.${kind}`);
  }
}

/** Where the synthesis leaves the source maps of bundles. They have names of their own in every synthesis. */
export function sourceMapsIn(workspace: string): string {
  return join(workspace, 'source-maps');
}

/** The variables that give an app its context. A context that is too long for one is put into a file. */
function contextVariables(context: object, directory: string): Record<string, string> {
  const json = JSON.stringify(context);
  if (json.length <= maxVariable) return { CDK_CONTEXT_JSON: json };
  const file = `${directory}.context.json`;
  writeFileSync(file, json);
  return { CONTEXT_OVERFLOW_LOCATION_ENV: file };
}

async function run(app: string, line: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(line, {
    env,
    shell: true,
    ...ownGroup,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = () => killGroup(child);
  signal.addEventListener('abort', end);
  const exited = new Promise<number | null>((settle) => {
    child.once('exit', settle).once('error', () => settle(null));
  });
  const [printed, output] = await Promise.all([text(child.stderr), text(child.stdout)]);
  const code = await exited;
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  if (code === 0) return;
  // The cause alone, if there is one: which command has run is no part of it. TypeScript's command writes its own to
  // standard output, where an app may write anything.
  const ending = `${app} does not synthesize: it ended with ${code ?? 'no exit code'}`;
  throw new Error(
    appError(printed) || (output.trim() ? `${ending}, and printed:\n${output.trim()}` : `${ending}.`),
  );
}
