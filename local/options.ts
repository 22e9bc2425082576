import { parseArgs } from 'node:util';
import { parseContextOptions } from '../lib/settings/context-option.ts';
import { defaultConcurrency } from './runtime/functions/concurrency.ts';

export const usage = `npm start -- [options]

  --port <n>       port of the webhook URL (3000; 0 picks a free one)
  --json           one JSON object per line, for scripts: docs/local-run.md lists them
  --watch          deploy again when lambda/, lib/ or bin/ change (npm run dev)
  -c name=value    a setting, as for cdk deploy
  --app <file>     another CDK app than bin/app.ts
  --speed <n>      speed up the simulated clock n times (1). CloudWatch, schedules and the retention of queues follow
                   it. Functions, and the time for which messages are hidden, take the machine's time
  --concurrency <n>  executions of all functions at once (1000, as on AWS). Lambda throttles more than that

$ZAVU_WEBHOOK_SECRET is the signing secret: one, or a JSON array. Without it, one is made up.
$SQS_ENDPOINT, $DYNAMODB_ENDPOINT, $SECRETS_MANAGER_ENDPOINT, $EVENT_BRIDGE_ENDPOINT and $FIREHOSE_ENDPOINT point at
services that run elsewhere.`;

/** What `npm start` is asked to do. */
interface LocalRunOptions {
  help: boolean;
  port: number;
  json: boolean;
  watch: boolean;
  /** Path of the CDK app. */
  app: string;
  speed: number;
  concurrency: number;
  /** Settings by name. */
  context: Readonly<Record<string, string>>;
}

/**
 * Reads the options of `npm start`.
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
      app: { type: 'string', default: 'bin/app.ts' },
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
  return { ...values, port: Number(values.port), speed, concurrency, context };
}
