import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { type Property, properties, type Tally } from './properties.ts';

const names = properties.map(({ name }) => name).join(', ');
const usage = `npm run fuzz -- [options]

  --runs <n>         requests in all (100000)
  --seed <n>         a new one by default, printed
  --property <name>  one of ${names} alone
  --path <path>      with --seed and --property: the one request that failed`;

const progressEveryMs = 5_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '100000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
      property: { type: 'string' },
      path: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const [runs, seed] = [Number(values.runs), Number(values.seed)];
  const chosen = properties.filter(({ name }) => name === (values.property ?? name));
  const mistaken = chosen.length === 0 || (values.path !== undefined && chosen.length > 1);
  if (mistaken || !(runs >= 1 && runs <= 100_000_000) || !Number.isInteger(seed)) throw new Error(usage);

  console.log(`Seed ${seed}`);
  for (const property of chosen) {
    await check(property, Math.ceil(runs / chosen.length), seed, values.path);
  }
}

/** Runs one property, and says how to repeat what fails. */
async function check(property: Property, numRuns: number, seed: number, path?: string): Promise<void> {
  const tally: Tally = {};
  let done = 0;
  let reportedAt = Date.now();
  const report = () => {
    const answers = Object.entries(tally).map(([status, count]) => `${count} x ${status}`);
    process.stderr.write(`${property.name.padEnd(8)} ${done} of ${numRuns}  ${answers.join(', ')}\n`);
    reportedAt = Date.now();
  };
  const details = await fc.check(
    property.of((status) => {
      done += 1;
      tally[status] = (tally[status] ?? 0) + 1;
      // Here, because the runs leave no time for timers.
      if (Date.now() - reportedAt > progressEveryMs) report();
    }),
    { numRuns, seed, ...(path === undefined ? {} : { path }) },
  );
  report();
  if (!details.failed) return;
  console.error(await fc.asyncDefaultReportMessage(details));
  console.error(
    `\nTo repeat it: npm run fuzz -- --property ${property.name} --seed ${seed} --path ${details.counterexamplePath}`,
  );
  process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
