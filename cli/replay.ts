import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { openArchive } from './replay/archive-objects.ts';
import { QueueFeed } from './replay/queue-feed.ts';
import { replay } from './replay/replay.ts';
import type { Selection } from './replay/selection.ts';
import { printTally } from './replay/tally.ts';
import { type Command, UsageError } from './shared/command.ts';
import { type Deployment, deploymentOptions, deploymentUsage, findDeployment } from './shared/deployment.ts';
import { interruption } from './shared/interruption.ts';
import { parseRate, rateUsage } from './shared/rate.ts';
import { routesOf } from './shared/routes.ts';
import { parseTime, timeUsage } from './shared/time.ts';
import { DeployedQueues } from './shared/worker-queues.ts';

const usage = `npx zavu-webhooks replay --from <time> --to <time> [options]

Puts archived events into the queues of the workers that handle them in the deployment now, each once.
An event that was handled before is a duplicate, so repeating a replay is harmless, unless --force is given.

  --from <time>        received at this time or later
  --to <time>          received before this time
  --type <type>        of this type only; may be repeated
  --id <event id>      this event only; may be repeated
  --rate <n>           events to all queues together, ${rateUsage}
  --force              handlers run again, once for each event, and see that it is replayed
  --run <id>           continues a forced replay that was interrupted
  --dry-run            counts the events, and puts none into a queue
${deploymentUsage}

${timeUsage}`;

async function run(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      type: { type: 'string', multiple: true, default: [] },
      id: { type: 'string', multiple: true, default: [] },
      rate: { type: 'string' },
      force: { type: 'boolean', default: false },
      run: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      ...deploymentOptions,
    },
  });
  if (values.from === undefined || values.to === undefined) {
    throw new UsageError('Say from when to when: --from <time> --to <time>.');
  }
  if (values.run !== undefined && !values.force) throw new UsageError('--run goes with --force.');
  const now = Date.now();
  const selection = {
    from: parseTime('from', values.from, now),
    to: parseTime('to', values.to, now),
    types: values.type,
    ids: values.id,
  };
  const rate = parseRate(values.rate);
  const forced = values.force ? runId(values.run) : undefined;
  const isDryRun = values['dry-run'];

  const deployment = await findDeployment(values);
  const archive = openArchive(deployment);
  const routes = routesOf(deployment);
  if (!values.force) assertRemembered(selection, deployment);
  if (forced)
    console.log(`Forced replay ${forced}. If it is interrupted, go on with --force --run ${forced}.`);
  const signal = interruption('Finishing the events in hand. Ctrl-C again ends at once.');
  const queues = new DeployedQueues(deployment);
  try {
    const feed = isDryRun ? undefined : new QueueFeed({ queues, rate, replay: forced, signal });
    const tally = await replay(archive, selection, routes, feed, signal);
    printTally(tally, isDryRun);
    if (signal.aborted) {
      console.log(`Interrupted. Go on with the same command${forced ? ` and --run ${forced}` : ''}.`);
    }
    return tally.broken === 0 && !signal.aborted;
  } finally {
    queues.close();
  }
}

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

/** `npx zavu-webhooks replay`. */
export const command: Command = { name: 'replay', usage, run };
