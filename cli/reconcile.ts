import { docsPage } from '../lib/docs-page.ts';
import { reconcileByHand } from './reconcile/by-hand.ts';
import { documentOf, printReports } from './reconcile/reports.ts';
import { createCommand, endingBy } from './shared/command.ts';
import { findDeployment } from './shared/deployment.ts';
import { interruption } from './shared/interruption.ts';
import { anyOf, jsonOption, onDeployment, timeOption } from './shared/options.ts';
import { printJson } from './shared/print-json.ts';
import { assertSpan, timeNote } from './shared/time.ts';

/** `npx zavu-webhooks reconcile`. */
export const command = onDeployment(
  createCommand('reconcile', {
    examples: [
      [
        'reconcile --from 2026-01-31T08:00 --to 2026-01-31T12:00 --stage prod --dry-run',
        'counts what is missing',
      ],
      [
        'reconcile --from 1d --stage prod --type message.inbound',
        'recovers the messages of customers of a day',
      ],
    ],
    notes: [
      timeNote,
      'It needs the setting `reconcile`, and the API key that `npx zavu-webhooks secrets api-key` stores.',
    ],
  })
    .addOption(timeOption('--from <time>', 'what happened after this time').makeOptionMandatory())
    .addOption(timeOption('--to <time>', 'what happened until this time; 6 hours ago by default, or earlier'))
    .addOption(anyOf('--type <type>', 'of this event type only'))
    .option(
      '--force',
      'also what is more than 7 days old, or from before the deployment began to record what it handles',
    )
    .option('--dry-run', 'count what is missing, and put nothing into a queue'),
)
  .description(
    "Asks Zavu's API what happened in a time, and puts into the queues what no webhook has told. Done again, it finds " +
      `nothing to do. ${docsPage('reconcile.md')} explains it.`,
  )
  .addOption(jsonOption)
  .action(
    endingBy(async ({ from, to, type, force = false, dryRun = false, json, ...choice }) => {
      assertSpan({ from, to }, Date.now());
      const deployment = await findDeployment(choice);
      const signal = interruption('Ending. What was put into queues is handled.');
      const options = { from, to, types: type, isForced: force, isDryRun: dryRun, signal };
      const reports = await reconcileByHand(deployment, options);
      if (json) printJson(documentOf(reports, dryRun));
      else printReports(reports, dryRun);
      if (signal.aborted) console.error('Interrupted. The same command goes on with what is left.');
      return reports.every(({ isComplete, bounds }) => isComplete && bounds.length === 0);
    }),
  );
