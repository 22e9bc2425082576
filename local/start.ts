import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { firstSecret } from '../lambda/zavu/sign.ts';
import { parseContextOptions } from '../lib/settings/context-option.ts';
import { readAssembly, synthesize } from './aws/assembly.ts';
import { defaultConcurrency } from './aws/concurrency.ts';
import { createClock } from './clock.ts';
import { LocalDeployment } from './deployment.ts';
import { jsonReport, textReport } from './report.ts';
import { removeState, writeState } from './state.ts';

const usage = `npm start -- [options]

  --port <n>       port of the webhook URL (3000; 0 picks a free one)
  --json           one JSON object per line, for scripts
  --watch          deploy again when lambda/, lib/ or bin/ change (npm run dev)
  -c name=value    a setting, as for cdk deploy
  --app <file>     another CDK app than bin/app.ts
  --speed <n>      how many times faster than the machine's its clock runs (1): CloudWatch's minutes, the retention of
                   queues and schedules go by it; functions, and how long messages are hidden from others, do not
  --concurrency <n>  executions of all functions at once; Lambda throttles what is beyond (1000, as on AWS)

$ZAVU_WEBHOOK_SECRET is the signing secret: one, or a JSON array. Without it, one is made up.
$SQS_ENDPOINT, $DYNAMODB_ENDPOINT, $SECRETS_MANAGER_ENDPOINT, $EVENT_BRIDGE_ENDPOINT and $FIREHOSE_ENDPOINT point at
services that run elsewhere.`;

const watched = ['lambda', 'lib', 'bin'];
const settleMs = 200;

const ending = new AbortController();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '3000' },
      json: { type: 'boolean', default: false },
      watch: { type: 'boolean', default: false },
      app: { type: 'string', default: 'bin/app.ts' },
      speed: { type: 'string', default: '1' },
      concurrency: { type: 'string', default: String(defaultConcurrency) },
      context: { type: 'string', short: 'c', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const speed = Number(values.speed);
  if (!(speed > 0 && Number.isFinite(speed)))
    throw new Error(`--speed is a number above 0, not ${values.speed}.`);
  const concurrency = Number(values.concurrency);
  if (!Number.isInteger(concurrency) || concurrency < 0) {
    throw new Error(`--concurrency is ${values.concurrency}. It takes a whole number, such as 10.`);
  }
  const write = lineWriter();
  const report = values.json ? jsonReport(write) : textReport(write);
  const secret = process.env.ZAVU_WEBHOOK_SECRET ?? `whsec_local_${randomBytes(16).toString('hex')}`;
  const first = firstSecretOf(secret);
  const context = parseContextOptions(values.context);

  const workspace = mkdtempSync(join(tmpdir(), 'zavu-local-'));
  process.once('exit', () => rmSync(workspace, { recursive: true, force: true }));
  const stack = await LocalDeployment.start({
    port: Number(values.port),
    secret,
    report,
    endpoints: {
      sqs: process.env.SQS_ENDPOINT,
      dynamodb: process.env.DYNAMODB_ENDPOINT,
      secretsManager: process.env.SECRETS_MANAGER_ENDPOINT,
      eventBridge: process.env.EVENT_BRIDGE_ENDPOINT,
      firehose: process.env.FIREHOSE_ENDPOINT,
    },
    archive: join(workspace, 'archive'),
    clock: createClock(speed),
    concurrency,
  });
  onSignal(() => stack.stop());

  const synthesized = async () =>
    readAssembly(await synthesize(values.app, context, workspace, ending.signal));

  const deployment = await stack.deploy(await synthesized());
  const url = deployment.outputs.WebhookUrl ?? '';
  // Asked now, because a server that is closed has no address.
  const origin = stack.url;
  process.once('exit', () => removeState(origin));
  const { outputs, endpoints, archive } = deployment;
  writeState({ url, secret: first, outputs, endpoints, archive });
  report.ready(url, first, deployment);

  if (values.watch) {
    onChange(async () => {
      await stack.deploy(await synthesized());
      process.stderr.write('Deployed again.\n');
    });
  }
}

/** Writes lines to standard output, those of one moment together: each write would cost as much as all of them. */
function lineWriter(): (line: string) => void {
  let lines = '';
  const flush = () => {
    process.stdout.write(lines);
    lines = '';
  };
  process.once('exit', () => {
    if (lines) flush();
  });
  return (line) => {
    if (!lines) setImmediate(flush);
    lines += `${line}\n`;
  };
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

/** Runs one redeployment at a time, once changes have settled. One that fails leaves the last in place. */
function onChange(redeploy: () => Promise<void>): void {
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  for (const directory of watched) {
    watch(directory, { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        running = running.then(redeploy).catch((error) => console.error(explain(error)));
      }, settleMs);
    });
  }
}

/**
 * The secret to sign with of those to begin with.
 *
 * @throws Error before anything starts, where the receiver would refuse them
 */
function firstSecretOf(secrets: string): string {
  try {
    return firstSecret(secrets);
  } catch (cause) {
    throw new Error(`$ZAVU_WEBHOOK_SECRET holds no signing secret. ${explain(cause)}`, { cause });
  }
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE') {
    const port = 'port' in error ? error.port : '';
    return `Port ${port} is taken. Choose another with --port, or --port 0 for a free one.`;
  }
  return error.message;
}

try {
  await main();
} catch (error) {
  // What an interrupt cuts off is no failure; the interrupt's handler ends the process.
  if (!ending.signal.aborted) {
    console.error(explain(error));
    process.exit(1);
  }
}
