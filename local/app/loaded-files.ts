import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What records them is plain JavaScript, here and in the package. */
const recorder = pathToFileURL(join(import.meta.dirname, 'file-recorder.mjs')).href;

/**
 * The variables by which an app's process records what it loads.
 *
 * @param file that the record is written into
 * @param environment of the app
 */
export function recordingVariables(
  file: string,
  environment: Readonly<NodeJS.ProcessEnv>,
): Record<string, string> {
  const options = [environment.NODE_OPTIONS, `--import=${recorder}`].filter(Boolean).join(' ');
  return { NODE_OPTIONS: options, ZAVU_LOADED_FILES: file };
}

/**
 * The files that an app has loaded or read.
 *
 * @param file the record: a line for each of its processes
 * @param folder that relative paths are meant from
 * @param output the directory that the app writes its assembly into. What is read there again is no source: it goes with the
 * assembly
 * @returns absolute paths; undefined if there is no whole record. What has loaded no CDK is not the app itself, but what
 * started it
 */
export function readLoadedFiles(
  file: string,
  folder: string,
  output: string,
): ReadonlySet<string> | undefined {
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const loaded = lines.flatMap((line): string[] => JSON.parse(line));
  if (!loaded.some((path) => /[\\/]aws-cdk-lib[\\/]/.test(path))) return undefined;
  const outputs = [output, realpathSync(output)].map((directory) => `${directory}${sep}`);
  const isSource = (path: string) => !outputs.some((directory) => path.startsWith(directory));
  return new Set(loaded.map((path) => resolve(folder, path)).filter(isSource));
}
