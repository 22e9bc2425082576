import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readAssembly, synthesize } from './assembly.ts';
import { jsonReport, textReport } from './report.ts';
import { LocalStack } from './stack.ts';

const usage = `npm start -- [options]

  --port <n>       port of the webhook URL (3000; 0 picks a free one)
  --json           one JSON object per line, for scripts
  --watch          deploy again when lambda/, lib/ or bin/ change (npm run dev)
  -c name=value    a setting, as for cdk deploy
  --app <file>     another CDK app than bin/app.ts

$ZAVU_WEBHOOK_SECRET is the signing secret: one, or a JSON array. Without it, one is made up.
$SQS_ENDPOINT, $DYNAMODB_ENDPOINT and $SECRETS_MANAGER_ENDPOINT point at services that run elsewhere.`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '3000' },
    json: { type: 'boolean', default: false },
    watch: { type: 'boolean', default: false },
    app: { type: 'string', default: 'bin/app.ts' },
    context: { type: 'string', short: 'c', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
});

/** Where `npm run send` finds the URL and the secret of the running stack. */
const noteFile = '.zavu-local.json';
const watched = ['lambda', 'lib', 'bin'];
const settleMs = 200;

async function main(): Promise<void> {
  const write = (line: string) => process.stdout.write(`${line}\n`);
  const report = values.json ? jsonReport(write) : textReport(write);
  const secret = process.env.ZAVU_WEBHOOK_SECRET ?? `whsec_local_${randomBytes(16).toString('hex')}`;
  const context = Object.fromEntries(
    values.context.map((pair) => [pair.split('=', 1)[0] ?? pair, pair.slice(pair.indexOf('=') + 1)]),
  );

  const directories: string[] = [];
  const synthesized = async () => {
    const directory = await synthesize(values.app, context);
    directories.push(directory);
    return readAssembly(directory);
  };

  const [assembly, stack] = await Promise.all([
    synthesized(),
    LocalStack.start({
      port: Number(values.port),
      secret,
      report,
      endpoints: {
        sqs: process.env.SQS_ENDPOINT,
        dynamodb: process.env.DYNAMODB_ENDPOINT,
        secretsManager: process.env.SECRETS_MANAGER_ENDPOINT,
      },
    }),
  ]);
  onSignal(async () => {
    removeNote(stack.url);
    await stack.stop();
    for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  });

  const deployment = await stack.deploy(assembly);
  const url = deployment.outputs.WebhookUrl ?? '';
  const first = firstOf(secret);
  writeFileSync(noteFile, JSON.stringify({ url, secret: first }), { mode: 0o600 });
  report.ready(url, first, deployment);

  if (values.watch) {
    onChange(async () => {
      await stack.deploy(await synthesized());
      process.stderr.write('Deployed again.\n');
    });
  }
}

/** Removes the note, unless another local stack has written its own since. */
function removeNote(origin: string): void {
  if (!existsSync(noteFile)) return;
  const { url }: { url: string } = JSON.parse(readFileSync(noteFile, 'utf8'));
  if (url.startsWith(origin)) rmSync(noteFile);
}

/** The first of several secrets, to sign with; every one of them verifies. */
function firstOf(secret: string): string {
  const parsed: unknown = secret.trim().startsWith('[') ? JSON.parse(secret) : [secret];
  return Array.isArray(parsed) ? String(parsed[0]) : secret;
}

/** Ends in good order at Ctrl-C, and at once at the second. */
function onSignal(end: () => Promise<void>): void {
  let ending = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (ending) process.exit(1);
      ending = true;
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

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE') {
    return `Port ${values.port} is taken. Choose another with --port, or --port 0 for a free one.`;
  }
  return error.message;
}

if (values.help) {
  console.log(usage);
} else {
  try {
    await main();
  } catch (error) {
    console.error(explain(error));
    process.exit(1);
  }
}
