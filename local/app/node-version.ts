/** Lambda's Node, which the functions are bundled for. */
const lambdaMajor = 24;

/**
 * Why the local run cannot run under a version of Node, and what to do; undefined if it can.
 *
 * @param version as `process.version` has it: `v20.11.0`
 */
export function nodeVersionError(version: string): string | undefined {
  if (Number.parseInt(version.replace(/^v/, ''), 10) >= lambdaMajor) return undefined;
  return (
    `The local run needs Node ${lambdaMajor}, which Lambda runs the functions with, and this is ${version}: ` +
    `\`npm install --save-dev node@${lambdaMajor}\` installs it in this project, and npm scripts and npx then use it.`
  );
}
