import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The Node that workers have on AWS, and so the local run's. */
const oldestMajor = 24;

/**
 * The Node that runs the local run: this one if it is new enough, and else the one of the package `node`, if that is
 * installed.
 *
 * @param directory from which the package is looked for
 * @throws Error that says what to install
 */
export function nodeFor(directory: string, { version, path } = ownNode): string {
  if (majorOf(version) >= oldestMajor) return path;
  const installed = installedNode(directory);
  if (installed && majorOf(installed.version) >= oldestMajor) return installed.path;
  throw new Error(
    `The local run needs Node ${oldestMajor}, and this is ${version}: run the tests by Node ${oldestMajor}, ` +
      `or install it beside them with \`npm install --save-dev node@${oldestMajor}\`.`,
  );
}

interface NodeBinary {
  /** Such as `24.21.0`. */
  version: string;
  path: string;
}

const ownNode: NodeBinary = { version: process.versions.node, path: process.execPath };

const majorOf = (version: string) => Number(version.split('.')[0]);

function installedNode(directory: string): NodeBinary | undefined {
  try {
    const file = createRequire(join(directory, 'package.json')).resolve('node/package.json');
    const { version, bin }: { version: string; bin: { node: string } } = JSON.parse(
      readFileSync(file, 'utf8'),
    );
    const path = join(dirname(file), bin.node);
    // The package's own script puts it there, which a package manager may have been told not to run.
    return existsSync(path) ? { version, path } : undefined;
  } catch {
    return undefined;
  }
}
