import { parseArgs } from 'node:util';
import { type SoakResult, soak } from './soak.ts';

const usage = `npm run soak -- [options]

  --events <n>    events that Zavu sends (2000)
  --minutes <n>   over which it sends them, while faults strike (1)
  --seed <n>      plan of events and faults; a new one by default, printed`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      events: { type: 'string', default: '2000' },
      minutes: { type: 'string', default: '1' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const [events = 0, minutes = 0, seed = 0] = [values.events, values.minutes, values.seed].map(Number);
  if (!(events >= 1 && events <= 1_000_000 && minutes > 0 && minutes <= 120 && Number.isInteger(seed))) {
    throw new Error(`--events from 1 to 1000000, --minutes up to 120, --seed a whole number.\n\n${usage}`);
  }
  console.log(`Seed ${seed}`);
  const result = await soak({
    seed,
    events,
    durationMs: minutes * 60_000,
    speed: 300,
    onProgress: bar(events),
  });
  console.table(tableOf(result));
  for (const sentence of result.violations) console.error(sentence);
  process.exitCode = result.violations.length === 0 ? 0 : 1;
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

function bar(total: number): (done: number) => void {
  if (!process.stderr.isTTY) return () => undefined;
  return (done) => {
    const filled = Math.floor((done / total) * 40);
    process.stderr.write(
      `\r[${'#'.repeat(filled)}${'-'.repeat(40 - filled)}] ${done} of ${total}${done === total ? '\n' : ''}`,
    );
  };
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
