import { Option } from '@commander-js/extra-typings';
import { docsPage } from '../../lib/docs-page.ts';
import { nodeVersionError } from '../../local/app/node-version.ts';
import { emulatedNotes } from '../../local/emulated-text.ts';
import { defaultConcurrency } from '../../local/runtime/functions/concurrency.ts';
import { loopback } from '../../local/webhook-server.ts';
import { createCommand } from '../shared/command.ts';
import { interruption } from '../shared/interruption.ts';
import { contextOption, numberOption, positiveOption, readSettings } from '../shared/options.ts';

/**
 * Creates `npx zavu-webhooks start`, or `dev`.
 *
 * @param watch whether it deploys again when a file changes
 */
export function createStart(name: string, { watch }: { watch: boolean }) {
  const description = watch
    ? 'Runs the stack on this machine, and deploys it again when a file changes.'
    : 'Runs the stack on this machine.';
  return createCommand(name, {
    examples: [
      [name, 'runs the app of this folder, at http://127.0.0.1:3000/webhooks/zavu'],
      [`${name} --port 0 -c retryDelaysSeconds=3,6`, 'another port, and short waits before retries'],
      ['send message.inbound', 'posts a first event to it, from another terminal'],
    ],
    notes,
  })
    .description(description)
    .addOption(
      numberOption('--port <n>', 'port of the webhook URL; 0 picks a free one', {
        min: 0,
        max: 65_535,
      }).default(3000),
    )
    .addOption(
      new Option(
        '--host <address>',
        'address of the webhook URL. Emulated services answer at 127.0.0.1 alone',
      ).default(loopback, '127.0.0.1, and ::1'),
    )
    .addOption(
      new Option('--watch', 'deploy again when a file changes, as dev does').default(watch).hideHelp(watch),
    )
    .option('--json', 'print one JSON object per line, for scripts')
    .addOption(contextOption)
    .option('--app <command>', 'another CDK app than the one of cdk.json: a command line, or a file')
    .option('--stack <name>', "the stack to run, or <stack>/<construct>, if several receive Zavu's webhooks")
    .addOption(
      positiveOption(
        '--speed <n>',
        'speed up the simulated clock n times. CloudWatch, schedules and the retention of queues follow it. ' +
          "Functions, and the time for which messages are hidden, take the machine's time",
      ).default(1),
    )
    .addOption(
      numberOption(
        '--concurrency <n>',
        'executions of all functions at once, as on AWS. Lambda throttles more than that',
        { min: 0, max: 1_000_000 },
      ).default(defaultConcurrency),
    )
    .action(async ({ context, ...options }) => {
      const error = nodeVersionError(process.version);
      if (error) throw new Error(error);
      const settings = readSettings(context);
      // Not before, because an older Node cannot load it.
      const { runLocally } = await import('../../local/start.ts');
      await runLocally({ ...options, json: options.json ?? false, context: settings }, interruption(''));
      // Ctrl-C is how it ends, and nothing that it started may keep it.
      process.exit(0);
    });
}

const notes = [
  '$ZAVU_WEBHOOK_SECRET is the signing secret: one, or a JSON array. Without it, one is made up.',
  '$ZAVU_LOCAL_SECRET_<NAME> is the text of a secret of your own. The names are printed at the start.',
  '.env.local in the folder of the app may have these texts, and values for variables that functions have.',
  '$SQS_ENDPOINT, $DYNAMODB_ENDPOINT, $SECRETS_MANAGER_ENDPOINT, $EVENT_BRIDGE_ENDPOINT and $FIREHOSE_ENDPOINT point at ' +
    `services that run elsewhere. ${docsPage('local-run.md')} tells more, and lists the lines of --json.`,
  ...emulatedNotes,
];
