import { pathToFileURL } from 'node:url';

/**
 * Where Lambda has the bundle.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
const taskRoot = '/var/task';

/**
 * A line of a log as it would be on AWS: the bundle's directory is Lambda's, whether the line has it as a URL, as a path, or
 * as a path in JSON, which doubles the backslashes of Windows.
 *
 * @param platform whose path it is, as `process.platform` names it
 */
export function atTaskRoot(
  line: string,
  directory: string,
  platform: NodeJS.Platform = process.platform,
): string {
  const { href } = pathToFileURL(directory, { windows: platform === 'win32' });
  return line
    .replaceAll(href, `file://${taskRoot}`)
    .replaceAll(directory, taskRoot)
    .replaceAll(JSON.stringify(directory).slice(1, -1), taskRoot);
}
