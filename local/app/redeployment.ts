import { errorMessage } from '../error-message.ts';
import { readConfiguration } from './configuration.ts';
import { watchFiles } from './file-watch.ts';

/** What gives an app its settings. A change there may change everything. */
const configurationFiles = ['cdk.json', 'cdk.context.json'];

/**
 * Deploys again whenever a file changes that cdk.json's "watch" names, or one of the files in which the CDK CLI is
 * configured. One line says that it is live, and how long that took. A deployment that fails stops nothing.
 *
 * @param folder the folder of the app
 * @returns a function that ends it
 */
export function watchApp(folder: string, deploy: () => Promise<unknown>): () => void {
  const { include, exclude } = readConfiguration(folder).watch;
  const patterns = { include: [...include, ...configurationFiles], exclude };
  return watchFiles(
    folder,
    patterns,
    () => redeploy(deploy, say),
    (error) => say(errorMessage(error)),
  );
}

/**
 * Deploys once more, and says what has come of it. It never fails.
 *
 * @param print takes lines
 */
export async function redeploy(deploy: () => Promise<unknown>, print: (line: string) => void): Promise<void> {
  const begun = performance.now();
  try {
    await deploy();
    print(`Deployed again in ${((performance.now() - begun) / 1000).toFixed(1)} s.`);
  } catch (error) {
    print(`${errorMessage(error)}\nThe last deployment still runs.`);
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
