import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secretToSignWith } from '../lambda/zavu/sign.ts';
import { secretPrefix } from '../lambda/zavu/signing-secret.ts';
import { outputNames } from '../lib/outputs.ts';
import { readConfiguration } from './app/configuration.ts';
import { watchFiles } from './app/file-watch.ts';
import { readLocalVariables } from './app/local-variables.ts';
import { nodeVersionError } from './app/node-version.ts';
import { synthesizeApp } from './app/synthesis.ts';
import { readAssembly } from './aws/template/assembly.ts';
import { createClock } from './clock.ts';
import { errorMessage } from './error-message.ts';
import { createLineWriter } from './line-writer.ts';
import { readOptions, usage } from './options.ts';
import { jsonReporter } from './report/json-reporter.ts';
import { textReporter } from './report/text-reporter.ts';
import { removeState, writeState } from './state.ts';

const ending = new AbortController();

async function run(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options.help) return console.log(usage);
  const versionError = nodeVersionError(process.version);
  if (versionError) throw new Error(versionError);
  // Not before, because an older Node cannot load it.
  const { LocalDeployment } = await import('./deployment.ts');
  const write = createLineWriter();
  const reporter = options.json ? jsonReporter(write) : textReporter(write);
  const secret = process.env.ZAVU_WEBHOOK_SECRET ?? `${secretPrefix}local_${randomBytes(16).toString('hex')}`;
  const first = firstSecretOf(secret);

  const workspace = mkdtempSync(join(tmpdir(), 'zavu-local-'));
  process.once('exit', () => rmSync(workspace, { recursive: true, force: true }));
  const local = await LocalDeployment.start({
    port: options.port,
    secret,
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
    clock: createClock(options.speed),
    concurrency: options.concurrency,
  });
  onSignal(() => local.stop());

  /** Where it answers, once it has: a server that is closed has no address. */
  let origin: string | undefined;
  process.once('exit', () => origin === undefined || removeState(origin));
  const deploy = async () => {
    const directory = await synthesizeApp(options.app, options.context, workspace, ending.signal);
    const stack = await local.deploy(readAssembly(directory, options.stack));
    const { outputs, endpoints, archive } = stack;
    const url = outputs[outputNames.webhookUrl] ?? '';
    origin = local.url;
    writeState({ url, secret: first, outputs, endpoints, archive });
    return { url, stack };
  };
  const { url, stack } = await deploy();
  reporter.ready(url, first, stack);

  if (options.watch) {
    const redeploy = async () => {
      await deploy();
      process.stderr.write('Deployed again.\n');
    };
    const { watch } = readConfiguration(process.cwd());
    watchFiles(process.cwd(), watch, redeploy, (error) => console.error(explain(error)));
  }
}

/** Ends in good order at Ctrl-C, and at once at the second. */
function onSignal(end: () => Promise<void>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (ending.signal.aborted) process.exit(1);
      ending.abort();
      void end().finally(() => process.exit(0));
    });
  }
}

/**
 * The first of the secrets, with which requests are signed.
 *
 * @throws Error before anything starts, if the receiver would refuse them
 */
function firstSecretOf(secrets: string): string {
  try {
    return secretToSignWith(secrets);
  } catch (cause) {
    throw new Error(`$ZAVU_WEBHOOK_SECRET holds no signing secret. ${explain(cause)}`, { cause });
  }
}

function explain(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    const port = 'port' in error ? error.port : '';
    return `Port ${port} is taken. Choose another with --port, or --port 0 for a free one.`;
  }
  return errorMessage(error);
}

/** Starts a local run. It goes on until an interrupt; if it cannot start, the process ends with 1. */
export async function start(args: readonly string[]): Promise<void> {
  try {
    await run(args);
  } catch (error) {
    // What an interrupt cuts off is no failure; the interrupt's handler ends the process.
    if (!ending.signal.aborted) {
      console.error(explain(error));
      process.exit(1);
    }
  }
}
