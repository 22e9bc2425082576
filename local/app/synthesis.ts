import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/**
 * Synthesizes a CDK app as `cdk synth` would.
 *
 * @param app path of the app's TypeScript file
 * @param context what `-c name=value` would give, beside cdk.json's context
 * @param workspace directory to put the cloud assembly into, in a fresh one of its own
 * @param signal ends the synthesis
 * @returns the directory with the cloud assembly
 * @throws Error with the app's own error
 */
export async function synthesizeApp(
  app: string,
  context: Record<string, string>,
  workspace: string,
  signal: AbortSignal,
): Promise<string> {
  const { context: inFile }: { context: object } = JSON.parse(readFileSync('cdk.json', 'utf8'));
  const directory = mkdtempSync(join(workspace, 'assembly-'));
  const child = spawn(process.execPath, [app], {
    env: {
      ...process.env,
      CDK_OUTDIR: directory,
      CDK_CONTEXT_JSON: JSON.stringify({ ...inFile, ...context }),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', resolve).once('error', () => resolve(null));
  });
  const printed = await text(child.stderr);
  if ((await exited) !== 0) throw new Error(`${app} does not synthesize.\n${withoutStack(printed)}`);
  return directory;
}

/** The message of the error that ended a Node process, or all that it printed. */
function withoutStack(printed: string): string {
  return printed.match(/^\w*Error: ([\s\S]*?)\n\s+at /m)?.[1] ?? printed.trim();
}
