import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputNames } from '../lib/outputs.ts';
import { AppAssemblies } from './app/app-assemblies.ts';
import { readLocalVariables } from './app/local-variables.ts';
import { watchApp } from './app/redeployment.ts';
import { sourceMapsIn } from './app/synthesis.ts';
import { readAssembly } from './aws/template/assembly.ts';
import { createClock } from './clock.ts';
import { createCredentials } from './credentials.ts';
import { LocalDeployment, type LocalDeploymentOptions } from './deployment.ts';
import { createLineWriter } from './line-writer.ts';
import { removeTree } from './remove-tree.ts';
import { jsonReporter } from './report/json-reporter.ts';
import { textReporter } from './report/text-reporter.ts';
import { signingSecret } from './signing-secret.ts';
import { readStates, removeState, stateFile, writeState } from './state.ts';

/** What `npx zavu-webhooks start` is asked to do. */
export interface LocalRunOptions {
  /** Port of the webhook URL; 0 picks a free one. */
  port: number;
  /** Address of the webhook URL. Emulated services answer at 127.0.0.1 alone. */
  host: string;
  /** Whether it prints a JSON object per line, for scripts. */
  json: boolean;
  /** Whether it deploys again when a file changes. */
  watch: boolean;
  /** Command line or file of the CDK app; undefined for that of cdk.json. */
  app?: string | undefined;
  /** The deployment to run; undefined if the app has one only. */
  stack?: string | undefined;
  /** How many times as fast as the machine's the simulated clock goes. */
  speed: number;
  /** Executions of all functions at once. */
  concurrency: number;
  /** Settings by name. */
  context: Readonly<Record<string, string>>;
}

/**
 * Runs the app of this folder on this machine.
 *
 * @param signal ends it, in good order
 * @throws Error if it cannot start; then nothing of it is left running
 */
export async function runLocally(options: LocalRunOptions, signal: AbortSignal): Promise<void> {
  const write = createLineWriter();
  const reporter = options.json ? jsonReporter(write) : textReporter(write);
  const secret = signingSecret(process.env.ZAVU_WEBHOOK_SECRET);
  const credentials = createCredentials();

  const workspace = mkdtempSync(join(tmpdir(), 'zavu-local-'));
  process.once('exit', () => removeTree(workspace));
  const local = await startDeployment({
    port: options.port,
    host: options.host,
    credentials,
    secret: secret.text,
    folder: process.cwd(),
    variables: () => readLocalVariables(process.cwd(), process.env),
    reporter,
    endpoints: {
      sqs: process.env.SQS_ENDPOINT,
      dynamodb: process.env.DYNAMODB_ENDPOINT,
      secretsManager: process.env.SECRETS_MANAGER_ENDPOINT,
      eventBridge: process.env.EVENT_BRIDGE_ENDPOINT,
      firehose: process.env.FIREHOSE_ENDPOINT,
    },
    archive: join(workspace, 'archive'),
    sourceMaps: sourceMapsIn(workspace),
    clock: createClock(options.speed),
    concurrency: options.concurrency,
  });

  const { app, context } = options;
  const assemblies = new AppAssemblies({ app, context: { ...context }, workspace, signal });
  const deploy = async (changed: Iterable<string>) => {
    const { directory, deployed, remove } = await assemblies.next(changed);
    const stack = await deployOr(remove, () => local.deploy(readAssembly(directory, options.stack), remove));
    deployed();
    const { outputs, endpoints, archive } = stack;
    const url = outputs[outputNames.webhookUrl] ?? '';
    const { port } = new URL(local.url);
    writeState({ port, url, secret: secret.toSignWith, credentials, outputs, endpoints, archive });
    return { url, stack };
  };
  let stopWatching: () => Promise<void> = async () => undefined;
  try {
    const { url, stack } = await deploy([]);
    process.once('exit', removeState);
    reporter.ready(url, secret.shown, stack, stateFile());
    if (options.watch) stopWatching = watchApp(process.cwd(), deploy, () => assemblies.files);
    await aborted(signal);
  } catch (error) {
    // What an interruption cuts off is no failure.
    if (!signal.aborted) throw error;
  } finally {
    await stopWatching();
    await local.stop();
  }
}

/** Deploys something, or takes it away if that fails. */
async function deployOr<T>(remove: () => void, deploy: () => Promise<T>): Promise<T> {
  try {
    return await deploy();
  } catch (error) {
    remove();
    throw error;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve());
  });
}

/** @throws Error that says what to do, if the port is taken */
async function startDeployment(options: LocalDeploymentOptions): Promise<LocalDeployment> {
  try {
    return await LocalDeployment.start(options);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    const holder = readStates().find((state) => state.port === String(options.port));
    const by = holder ? ` by the local run of process ${holder.pid}, which was started in this folder` : '';
    throw new Error(
      `Port ${options.port} is taken${by}. Choose another with --port, or --port 0 for a free one.`,
      { cause: error },
    );
  }
}
