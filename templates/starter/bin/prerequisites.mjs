/**
 * Ends with one sentence if this project is not installed, or runs by a Node that is too old for it. Plain JavaScript
 * without packages, because every Node must run it, and nothing else may be there yet.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Lambda's Node, which the project installs for itself. */
const needed = 24;

const folder = fileURLToPath(new URL('..', import.meta.url));
const problem = missingPrerequisite();
if (problem !== undefined) {
  console.error(problem);
  process.exit(1);
}

/** What is missing, and what to do. */
function missingPrerequisite() {
  if (!packageFolder('aws-cdk-lib')) {
    return `This project is not installed yet: run \`${installCommand()}\` in ${folder} first.`;
  }
  if (Number.parseInt(process.version.slice(1), 10) >= needed) return undefined;
  const own = packageFolder('node');
  const remedy =
    own && existsSync(join(own, 'bin'))
      ? 'The right one is installed here, and commands that begin with `npx` or `npm run` take it, such as `npx cdk synth`.'
      : 'It was not installed, because install scripts were off: run `npm rebuild node esbuild`, or install again without --ignore-scripts.';
  return `This project needs Node ${needed}, and this is ${process.version}. ${remedy}`;
}

/** The folder of an installed package, which may stand in a folder above in a workspace; undefined if there is none. */
function packageFolder(name) {
  try {
    return dirname(createRequire(join(folder, 'package.json')).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

function installCommand() {
  if (existsSync(join(folder, 'pnpm-lock.yaml'))) return 'pnpm install';
  return existsSync(join(folder, 'package-lock.json')) ? 'npm ci' : 'npm install';
}
