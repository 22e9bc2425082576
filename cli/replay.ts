import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { claimKey } from '../lambda/idempotency/claim-key.ts';
import { unpack } from '../lambda/queued-event/text.ts';
import { type WorkerName, workerFor } from '../lambda/routing/routes.ts';
import { provedBy } from '../lambda/zavu/binding.ts';
import { readEnvelope } from '../lambda/zavu/envelope.ts';
import {
  isSelected,
  type Objects,
  openArchive,
  readRecords,
  type Selection,
  selectKeys,
} from './replay/archive.ts';
import { QueueFeed } from './replay/queue-feed.ts';
import { type Deployment, deploymentOptions, deploymentUsage, findDeployment } from './shared/deployment.ts';
import { createSqs, queueUrlOf } from './shared/worker-queues.ts';

const usage = `npm run replay -- --from <time> --to <time> [options]

Puts archived events into the queues of the workers that lambda/routing/routes.ts names now, each once.
An event that was handled before is a duplicate, so repeating a replay is harmless, unless --force is given.

  --from <time>        received at or after: 2026-11-20 or 2026-11-20T08:00:00Z, in UTC
  --to <time>          received before
  --type <type>        of this type only; may be repeated
  --id <event id>      this event only; may be repeated
  --rate <n>           events a second, over all queues (50)
  --force              handlers run again, once for each event, and see that it is replayed
  --run <id>           goes on with a forced replay that was interrupted
  --dry-run            counts, and puts nothing anywhere
${deploymentUsage}`;

/** What became of the archive's records. */
interface Tally {
  put: Record<string, number>;
  copies: number;
  unrouted: number;
  /** Signed by a secret that is bound to a sender or project which they, as they are read now, do not name. */
  unproved: number;
  /** Events from which no type can be read. */
  untyped: number;
  /** Lines that are no record. */
  broken: number;
}

const ending = new AbortController();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      type: { type: 'string', multiple: true, default: [] },
      id: { type: 'string', multiple: true, default: [] },
      rate: { type: 'string', default: '50' },
      force: { type: 'boolean', default: false },
      run: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      ...deploymentOptions,
    },
  });
  if (values.help) return console.log(usage);
  const selection = {
    from: time('from', values.from),
    to: time('to', values.to),
    types: values.type,
    ids: values.id,
  };
  const rate = Number(values.rate);
  if (!(rate > 0)) throw new Error('--rate must be a number above 0.');
  const run = values.force ? runOf(values.run) : undefined;
  if (values.run !== undefined && !values.force) throw new Error('--run goes with --force.');

  const deployment = await findDeployment(values);
  const archive = openArchive(deployment);
  if (!values.force) assertRemembered(selection, deployment);
  const sqs = createSqs(deployment);
  const feed = values['dry-run'] ? undefined : new QueueFeed({ sqs, rate, replay: run });
  if (run) console.log(`Forced replay ${run}. If it is interrupted, go on with --force --run ${run}.`);
  process.once('SIGINT', () => ending.abort());

  const tally = await replay(archive, selection, deployment, feed);
  sqs.destroy();
  report(tally, values['dry-run']);
  if (ending.signal.aborted) {
    console.log(`Interrupted. Go on with the same command${run ? ` and --run ${run}` : ''}.`);
    process.exitCode = 130;
  } else process.exitCode = tally.broken === 0 ? 0 : 1;
}

/**
 * Puts the selected events into their workers' queues, each once, and tells how far it is.
 *
 * @param feed undefined to count them only
 */
async function replay(
  archive: Objects,
  selection: Selection,
  deployment: Deployment,
  feed: QueueFeed | undefined,
): Promise<Tally> {
  const tally: Tally = { put: {}, copies: 0, unrouted: 0, unproved: 0, untyped: 0, broken: 0 };
  const keys = await selectKeys(archive, selection);
  const seen = new Set<string>();
  const bar = new SingleBar({
    format: '[{bar}] {value} of {total} objects, {events} events',
    gracefulExit: false,
  });
  bar.start(keys.length, 0, { events: 0 });
  try {
    for (const [index, key] of keys.entries()) {
      for await (const record of readRecords(archive, key)) {
        if (ending.signal.aborted) break;
        const text = record && unpack(record.event, record.encoding);
        if (!record || text === undefined) {
          tally.broken++;
          continue;
        }
        const receivedAt = Date.parse(record.receivedAt);
        const read = readEnvelope(text, receivedAt);
        if (!isSelected(record, selection, read?.event)) continue;
        if (!read) {
          tally.untyped++;
          continue;
        }
        const worker = workerFor(read.event.type);
        const key = claimKey(read.event, undefined);
        if (!worker) tally.unrouted++;
        else if (record.boundTo && provedBy(record.boundTo, read.event) !== 'proved') tally.unproved++;
        else if (seen.has(key)) tally.copies++;
        else {
          seen.add(key);
          tally.put[worker] = (tally.put[worker] ?? 0) + 1;
          await feed?.add(queueUrl(worker, deployment), read, { text, receivedAt });
        }
        bar.update(index, { events: seen.size });
      }
      if (ending.signal.aborted) break;
    }
    await feed?.flush();
    bar.update(keys.length, { events: seen.size });
  } finally {
    // It keeps a timer, with which the command would never end.
    bar.stop();
  }
  return tally;
}

/** Milliseconds since the epoch of an option, in UTC where it does not say otherwise. */
function time(option: string, value: string | undefined): number {
  const isTime =
    value !== undefined && /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(value);
  const at = isTime ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at))
    throw new Error(`--${option} must be a time such as 2026-11-20 or 2026-11-20T08:00:00Z.`);
  return at;
}

function runOf(given: string | undefined): string {
  const now = new Date().toISOString().slice(0, 19).replace(/\D/g, '');
  const run = given ?? `replay_${now}_${randomBytes(3).toString('hex')}`;
  // It becomes part of an idempotency key, which what a handler calls may bound.
  if (!/^[\w-]{1,64}$/.test(run)) throw new Error('--run must be 1 to 64 letters, digits, "_" and "-".');
  return run;
}

/**
 * A replay is harmless for as long as the idempotency records reaches.
 *
 * @throws Error where it does not reach far enough back
 */
function assertRemembered({ from }: Selection, { outputs }: Deployment): void {
  const since = Date.now() - Number(outputs.ReplayWindowSeconds) * 1000;
  if (from >= since) return;
  throw new Error(
    `Events from before ${new Date(since).toISOString()} may be forgotten, and would be handled again. ` +
      'Begin with --from there, or say --force.',
  );
}

/** @throws Error where the deployment does not have that worker yet */
function queueUrl(worker: WorkerName, { name, outputs }: Deployment): string {
  const url = queueUrlOf(outputs, worker);
  if (!url) throw new Error(`${name} has no queue for the ${worker} worker. Deploy it: \`npx cdk deploy\`.`);
  return url;
}

function report({ put, copies, unrouted, unproved, untyped, broken }: Tally, dry: boolean): void {
  const events = Object.values(put).reduce((sum, count) => sum + count, 0);
  const perWorker = Object.entries(put).map(([worker, count]) => `${worker} ${count}`);
  const to = perWorker.length === 0 ? '' : `: ${perWorker.join(', ')}`;
  console.log(`${events} events ${dry ? 'would be put' : 'put'} into queues${to}`);
  if (copies > 0) console.log(`${copies} copies left out`);
  if (unrouted > 0) console.log(`${unrouted} left out, of types that no worker handles`);
  if (unproved > 0)
    console.error(
      `${unproved} left out: they do not name the sender or project that their secret is bound to`,
    );
  if (untyped > 0) console.error(`${untyped} left out, from which no type can be read`);
  if (broken > 0) console.error(`${broken} lines of the archive could not be read`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
