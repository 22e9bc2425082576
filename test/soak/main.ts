import { parseArgs } from 'node:util';
import { bar } from './bar.ts';
import { outageRows, violationsOf } from './outage-ledger.ts';
import { hoursOfOutages, outageSeeds, soakOutages } from './outages.ts';
import { type SoakResult, soak } from './soak.ts';

const usage = `npm run soak -- [options]

  --events <n>           events that Zavu sends (2000); 0 leaves this part out
  --minutes <n>          over which it sends them, while faults strike (1)
  --outage-messages <n>  messages of each simulated day with an outage, which is reconciled (4000);
                         0 leaves this part out
  --seed <n>             plan of events, faults and days; a new one by default, printed`;

interface Options {
  events: number;
  minutes: number;
  outageMessages: number;
  seed: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      events: { type: 'string', default: '2000' },
      minutes: { type: 'string', default: '1' },
      'outage-messages': { type: 'string', default: '4000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const options: Options = {
    events: Number(values.events),
    minutes: Number(values.minutes),
    outageMessages: Number(values['outage-messages']),
    seed: Number(values.seed),
  };
  assertIsPossible(options);
  console.log(`Seed ${options.seed}`);
  const violations = [...(await soakPipeline(options)), ...(await soakReconciling(options))];
  for (const sentence of violations) console.error(sentence);
  process.exitCode = violations.length === 0 ? 0 : 1;
}

function assertIsPossible({ events, minutes, outageMessages, seed }: Options): void {
  const isCount = (value: number, max: number) => Number.isInteger(value) && value >= 0 && value <= max;
  const isPossible =
    isCount(events, 1_000_000) &&
    minutes > 0 &&
    minutes <= 120 &&
    isCount(outageMessages, 100_000) &&
    Number.isInteger(seed);
  if (isPossible) return;
  throw new Error(
    '--events from 0 to 1000000, --minutes up to 120, --outage-messages from 0 to 100000, --seed a whole number.' +
      `\n\n${usage}`,
  );
}

/** @returns violations */
async function soakPipeline({ events, minutes, seed }: Options): Promise<string[]> {
  if (events === 0) return [];
  const durationMs = minutes * 60_000;
  const result = await soak({ seed, events, durationMs, speed: 300, onProgress: bar(events) });
  console.table(tableOf(result));
  return result.violations;
}

/** @returns violations */
async function soakReconciling({ outageMessages: messages, seed }: Options): Promise<string[]> {
  if (messages === 0) return [];
  console.log(`Outages of the seeds ${outageSeeds(seed).join(', ')}`);
  const ledgers = await soakOutages({ seed, messages, onProgress: bar(hoursOfOutages) });
  console.table(
    Object.fromEntries(Object.entries(outageRows(ledgers)).map(([name, count]) => [name, { count }])),
  );
  return ledgers.flatMap(violationsOf);
}

/** The ledger, as rows for a person. */
function tableOf(result: SoakResult): Record<string, { events: number | string }> {
  const { answers, reasons, repeated, violations, ...counts } = result;
  const list = (record: Record<string, number>) =>
    Object.entries(record)
      .map(([name, count]) => `${count} x ${name === '0' ? 'none' : name}`)
      .join(', ');
  return Object.fromEntries(
    Object.entries({
      'sent by Zavu': counts.events,
      '  answers': list(answers),
      '  sent again, because no 2xx came': counts.repeatedByZavu,
      '  acknowledged': counts.acknowledged,
      handled: counts.handled,
      '  twice, its function died in between': repeated.died.length,
      '  twice, the first could not be recorded': repeated.unrecorded.length,
      'dead-lettered': counts.deadLetter,
      '  reasons': list(reasons),
      unrouted: counts.unrouted,
      'never acknowledged': counts.unacknowledged,
      lost: counts.lost,
      'retried by workers': counts.retried,
      'found to be duplicates': counts.duplicates,
      'faults of services': counts.faults,
      'functions killed from outside': counts.kills,
      violations: violations.length,
    }).map(([name, value]) => [name, { events: value }]),
  );
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
