import { parseArgs } from 'node:util';
import { parseContextOptions } from '../lib/settings/context-option.ts';
import { emulatedText } from './emulated-text.ts';
import { defaultConcurrency } from './runtime/functions/concurrency.ts';

export const usage = `npx zavu-webhooks start [options]

  --port <n>       port of the webhook URL (3000; 0 picks a free one)
  --json           one JSON object per line, for scripts: docs/local-run.md lists them
  --watch          deploy again when files change that cdk.json's "watch" names (npx zavu-webhooks dev)
  -c name=value    a setting, as for cdk deploy
  --app <command>  another CDK app than the one that cdk.json names: a command line, or a file
  --stack <name>   the stack to run, or <stack>/<construct>, if several of the app receive Zavu's webhooks
  --speed <n>      speed up the simulated clock n times (1). CloudWatch, schedules and the retention of queues follow
                   it. Functions, and the time for which messages are hidden, take the machine's time
  --concurrency <n>  executions of all functions at once (1000, as on AWS). Lambda throttles more than that

$ZAVU_WEBHOOK_SECRET is the signing secret: one, or a JSON array. Without it, one is made up.
$ZAVU_LOCAL_SECRET_<NAME> is the text of a secret of your own; it is printed at the start.
.env.local in the folder of the app may have these texts, and values for variables that functions have.
$SQS_ENDPOINT, $DYNAMODB_ENDPOINT, $SECRETS_MANAGER_ENDPOINT, $EVENT_BRIDGE_ENDPOINT and $FIREHOSE_ENDPOINT point at
services that run elsewhere.

${emulatedText}`;

/** What `npx zavu-webhooks start` is asked to do. */
interface LocalRunOptions {
  help: boolean;
  port: number;
  json: boolean;
  watch: boolean;
  /** Command line or file of the CDK app; undefined for that of cdk.json. */
  app: string | undefined;
  /** The deployment to run; undefined if the app has one only. */
  stack: string | undefined;
  speed: number;
  concurrency: number;
  /** Settings by name. */
  context: Readonly<Record<string, string>>;
}

/**
 * Reads the options of `npx zavu-webhooks start`.
 *
 * @throws Error naming an option that is not known, or a value that does not fit
 */
export function readOptions(args: readonly string[]): LocalRunOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '3000' },
      json: { type: 'boolean', default: false },
      watch: { type: 'boolean', default: false },
      app: { type: 'string' },
      stack: { type: 'string' },
      speed: { type: 'string', default: '1' },
      concurrency: { type: 'string', default: String(defaultConcurrency) },
      context: { type: 'string', short: 'c', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  const speed = Number(values.speed);
  if (!(speed > 0 && Number.isFinite(speed))) {
    throw new Error(`--speed is a number above 0, not ${values.speed}.`);
  }
  const concurrency = Number(values.concurrency);
  if (!Number.isInteger(concurrency) || concurrency < 0) {
    throw new Error(`--concurrency is ${values.concurrency}. It takes a whole number, such as 10.`);
  }
  const context = parseContextOptions(values.context);
  const { app, stack } = values;
  return { ...values, app, stack, port: Number(values.port), speed, concurrency, context };
}
