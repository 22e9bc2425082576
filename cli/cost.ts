import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readAssembly, synthesize } from '../local/aws/assembly.ts';
import { readAssumptions } from './cost/assumptions.ts';
import { estimate } from './cost/estimate.ts';
import { prices } from './cost/prices.ts';
import { parseSize } from './cost/quantity.ts';
import { summaryOf, tableOf } from './cost/report.ts';
import { shapeOf } from './cost/stack-shape.ts';

const usage = `npm run cost -- [options]

  --events <n>       new events a month (10M)
  --payload <size>   an event's JSON (2KB)
  --batch <n>        messages that a worker is given at once, on average (10). Little traffic comes singly
  -c name=value      a setting, as for cdk deploy
  --app <file>       another CDK app than bin/app.ts
  --prices           the price table, with the page and the date of each
  --json             the estimate as JSON

What the template does not say is in cli/cost/assumptions.json.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      events: { type: 'string', default: '10M' },
      payload: { type: 'string', default: '2KB' },
      batch: { type: 'string', default: '10' },
      context: { type: 'string', short: 'c', multiple: true, default: [] },
      app: { type: 'string', default: 'bin/app.ts' },
      prices: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(usage);
  if (values.prices) return console.table(prices, ['usd', 'per', 'unit', 'asOf', 'source']);
  const traffic = {
    events: parseSize('--events', values.events),
    payloadBytes: parseSize('--payload', values.payload),
    batch: parseSize('--batch', values.batch),
  };
  const context = Object.fromEntries(
    values.context.map((pair) => [pair.split('=', 1)[0] ?? pair, pair.slice(pair.indexOf('=') + 1)]),
  );
  const workspace = mkdtempSync(join(tmpdir(), 'zavu-cost-'));
  process.once('exit', () => rmSync(workspace, { recursive: true, force: true }));
  const directory = await synthesize(values.app, context, workspace, new AbortController().signal);

  const { assumptions, durationsFrom } = readAssumptions();
  const result = estimate(shapeOf(readAssembly(directory).resources), traffic, assumptions);
  if (values.json) return console.log(JSON.stringify({ ...result, durationsFrom }, null, 2));
  console.log(`${summaryOf(result)}\n\n${tableOf(result)}`);
  console.log(
    `\nList prices of us-east-1, the oldest seen in ${result.pricesAsOf} (--prices). Durations: ${durationsFrom}.`,
  );
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
