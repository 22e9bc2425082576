import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { errorMessage } from '../error-message.ts';
import { readConfiguration } from './configuration.ts';
import { watchFiles } from './file-watch.ts';
import { TypeCheck } from './type-check.ts';

/** What gives an app its settings, or says how it is compiled. A change there may change everything. */
const configurationFiles = ['cdk.json', 'cdk.context.json', 'package.json', 'tsconfig.json'];

/** Deploys once more, after files of these paths have changed. */
type Deploy = (changed: Iterable<string>) => Promise<unknown>;

/**
 * Deploys again whenever a file changes that cdk.json's "watch" names, one that the app or a bundle was made of, or one of
 * the files in which they are configured. One line says that it is live, and how long that took. The app's types are
 * checked beside it. A deployment that fails stops nothing.
 *
 * @param folder the folder of the app
 * @param files absolute paths of what the last deployment was made of
 * @returns a function that ends it, once a deployment that is under way has ended
 */
export function watchApp(folder: string, deploy: Deploy, files: () => Iterable<string>): () => Promise<void> {
  const { include, exclude } = readConfiguration(folder).watch;
  const patterns = { include: [...include, ...configurationFiles], exclude };
  const types = new TypeCheck(folder, say);
  const checkTypes = () => void types.start().catch(() => undefined);
  checkTypes();
  const stop = watchFiles(
    folder,
    patterns,
    async (changed) => {
      const isDeployed = await redeploy(deploy, changed, say);
      checkTypes();
      return isDeployed;
    },
    (error) => say(errorMessage(error)),
    files,
  );
  return () => {
    types.stop();
    return stop();
  };
}

/**
 * Deploys once more, and says what has come of it. It never fails.
 *
 * @param changed absolute paths
 * @param print takes lines
 * @returns whether it is deployed
 */
export async function redeploy(
  deploy: Deploy,
  changed: readonly string[],
  print: (line: string) => void,
): Promise<boolean> {
  const begun = performance.now();
  try {
    await deploy(changed);
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    // Without what an editor wrote and renamed.
    const there = changed.filter((file) => existsSync(file));
    const names = (there.length > 0 ? there : changed).map((file) => basename(file));
    print(`Deployed again in ${seconds} s: ${names.join(', ')}`);
    return true;
  } catch (error) {
    print(`${errorMessage(error)}\nThe last deployment still runs.`);
    return false;
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
