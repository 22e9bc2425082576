import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { LocalRun } from './local-run.ts';
import { nodeFor } from './node-binary.ts';
import { StartProcess } from './start-process.ts';

export interface StartLocalOptions {
  /**
   * The CDK app, as `npx zavu-webhooks start` takes it.
   *
   * @default what `npx zavu-webhooks start` runs
   */
  app?: string;
  /**
   * The stack of the app, if it has several.
   *
   * @default the one that receives Zavu's webhooks
   */
  stack?: string;
  /**
   * Settings, as `-c name=value` gives them.
   *
   * @default those of cdk.json
   */
  context?: Readonly<Record<string, string | number | boolean>>;
  /** Variables beside those of this process, such as `ZAVU_WEBHOOK_SECRET`. */
  env?: Readonly<Record<string, string>>;
  /**
   * The folder of the app, where its cdk.json is.
   *
   * @default the working directory
   */
  cwd?: string;
}

/** The command. In the package, this file is compiled into a folder of dist/. */
const root = extname(import.meta.filename) === '.ts' ? '..' : '../..';
const entry = join(import.meta.dirname, root, 'bin/zavu-webhooks.mjs');

/**
 * Starts the local run of an app, in a process of its own, on a free port, and waits until it takes events. Several run
 * side by side: each has its own state file, so commands such as `dead-letters` do not find it. Allow some seconds: the app
 * is synthesized and its functions are bundled.
 *
 * @example await using local = await startLocal({ context: { retryDelaysSeconds: '1' } });
 *
 * @throws Error if this Node is too old and no other is installed, or with what the local run printed if it does not start
 */
export async function startLocal(options: StartLocalOptions = {}): Promise<LocalRun> {
  const { app, stack, context = {}, env = {}, cwd = process.cwd() } = options;
  const node = nodeFor(cwd);
  const directory = mkdtempSync(join(tmpdir(), 'zavu-testing-'));
  const run = new StartProcess({
    node,
    entry,
    options: [
      'start',
      '--json',
      '--port=0',
      ...(app === undefined ? [] : [`--app=${app}`]),
      ...(stack === undefined ? [] : [`--stack=${stack}`]),
      ...Object.entries(context).map(([name, value]) => `-c${name}=${value}`),
    ],
    env: { ...env, ZAVU_LOCAL_STATE: join(directory, 'state.json') },
    directory: cwd,
  });
  const end = async () => {
    await run.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    return await LocalRun.of(run, end);
  } catch (error) {
    await end();
    throw error;
  }
}
