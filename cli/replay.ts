import { randomBytes } from 'node:crypto';
import { openArchive } from './replay/archive-objects.ts';
import { QueueFeed } from './replay/queue-feed.ts';
import { replay } from './replay/replay.ts';
import type { Selection } from './replay/selection.ts';
import { printTally } from './replay/tally.ts';
import { createCommand, endingBy, UsageError } from './shared/command.ts';
import { type Deployment, findDeployment } from './shared/deployment.ts';
import { interruption } from './shared/interruption.ts';
import { anyOf, jsonOption, onDeployment, rateOption, timeOption } from './shared/options.ts';
import { printJson } from './shared/print-json.ts';
import { routesOf } from './shared/routes.ts';
import { assertSpan, timeNote } from './shared/time.ts';
import { DeployedQueues } from './shared/worker-queues.ts';

/** `npx zavu-webhooks replay`. */
export const command = onDeployment(
  createCommand('replay', {
    examples: [
      ['replay --from 2h --to 1h --stage prod --dry-run', 'counts the events of an hour'],
      ['replay --from 2026-01-31 --to 2026-02-01 --type message.inbound', 'those of a day, of one type'],
    ],
    notes: [timeNote],
  })
    .addOption(timeOption('--from <time>', 'received at this time or later').makeOptionMandatory())
    .addOption(timeOption('--to <time>', 'received before this time').makeOptionMandatory())
    .addOption(anyOf('--type <type>', 'of this type only'))
    .addOption(anyOf('--id <id>', 'this event only'))
    .addOption(rateOption)
    .option('--force', 'handlers run again, once for each event, and see that it is replayed')
    .option('--run <id>', 'continue a forced replay that was interrupted')
    .option('--dry-run', 'count the events, and put none into a queue'),
)
  .description(
    'Puts archived events into the queues of the workers that handle them in the deployment now. An event ' +
      'that was handled before is a duplicate, so repeating a replay is harmless, unless --force is given.',
  )
  .addOption(jsonOption)
  .action(
    endingBy(async ({ from, to, type, id, rate, force = false, run, dryRun = false, json, ...choice }) => {
      if (run !== undefined && !force) throw new UsageError('--run goes with --force.');
      assertSpan({ from, to }, Date.now());
      const selection = { from, to, types: type, ids: id };
      const forced = force ? runId(run) : undefined;

      const deployment = await findDeployment(choice);
      const archive = openArchive(deployment);
      const routes = routesOf(deployment);
      if (!force) assertRemembered(selection, deployment);
      if (forced) {
        console.error(`Forced replay ${forced}. If it is interrupted, go on with --force --run ${forced}.`);
      }
      const signal = interruption('Finishing the events in hand. Ctrl-C again ends at once.');
      const queues = new DeployedQueues(deployment);
      try {
        const feed = dryRun ? undefined : new QueueFeed({ queues, rate, replay: forced, signal });
        const tally = await replay(archive, selection, routes, feed, signal);
        if (json) printJson({ dryRun, ...(forced ? { run: forced } : {}), ...tally });
        else printTally(tally, dryRun);
        if (signal.aborted) {
          console.error(`Interrupted. Go on with the same command${forced ? ` and --run ${forced}` : ''}.`);
        }
        return tally.broken === 0;
      } finally {
        queues.close();
      }
    }),
  );

/** The id of a forced replay: the one that was given, or a new one. */
function runId(given: string | undefined): string {
  const now = new Date().toISOString().slice(0, 19).replace(/\D/g, '');
  const id = given ?? `replay_${now}_${randomBytes(3).toString('hex')}`;
  // It becomes part of an idempotency key, whose length and characters a service that a handler calls may limit.
  if (!/^[\w-]{1,64}$/.test(id)) throw new UsageError('--run must be 1 to 64 letters, digits, "_" and "-".');
  return id;
}

/**
 * A replay is harmless for as long as the idempotency records are kept.
 *
 * @throws UsageError if they do not reach back far enough
 */
function assertRemembered({ from }: Selection, { outputs }: Deployment): void {
  const since = Date.now() - Number(outputs.ReplayWindowSeconds) * 1000;
  if (from >= since) return;
  throw new UsageError(
    `The idempotency records of events from before ${new Date(since).toISOString()} may be deleted, and these events ` +
      'would be handled again. Begin with --from there, or say --force.',
  );
}
