import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseContextOptions } from '../lib/settings/context-option.ts';
import { synthesizeApp } from '../local/app/synthesis.ts';
import { readAssembly } from '../local/aws/template/assembly.ts';
import { readAssumptions } from './cost/assumptions.ts';
import { estimate } from './cost/estimate.ts';
import { prices } from './cost/prices.ts';
import { parseSize } from './cost/quantity.ts';
import { billTable, estimateInOneLine } from './cost/report.ts';
import { shapeOf } from './cost/stack-shape.ts';
import { type Command, UsageError } from './shared/command.ts';
import { errorText } from './shared/error-text.ts';
import { table } from './shared/table.ts';

const usage = `npx zavu-webhooks cost [options]

Estimates what a month of the stack costs on AWS, from the template and from AWS's list prices. It deploys nothing.

  --events <n>       new events a month (10M)
  --payload <size>   size of an event's JSON (2KB)
  --batch <n>        messages that a worker is given at once, on average (10). If few events come, give 1
  -c name=value      a setting, as for cdk deploy
  --app <command>    another CDK app than the one that cdk.json names: a command line, or a file
  --stack <name>     the stack to estimate, or <stack>/<construct>, if several of the app receive Zavu's webhooks
  --prices           print the price table, with the page and the date of each price
  --json             print the estimate as JSON

What the template does not say is assumed, in the file assumptions.json beside this command: durations, sizes, and the
share of each event type. The events of a worker are those of its types.`;

async function run(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      events: { type: 'string', default: '10M' },
      payload: { type: 'string', default: '2KB' },
      batch: { type: 'string', default: '10' },
      context: { type: 'string', short: 'c', multiple: true, default: [] },
      app: { type: 'string' },
      stack: { type: 'string' },
      prices: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.prices) {
    console.log(priceTable());
    return true;
  }
  const traffic = {
    events: parseSize('--events', values.events),
    payloadBytes: parseSize('--payload', values.payload),
    batch: parseSize('--batch', values.batch),
  };
  const settings = parseSettings(values.context);
  const workspace = mkdtempSync(join(tmpdir(), 'zavu-cost-'));
  process.once('exit', () => rmSync(workspace, { recursive: true, force: true }));
  const directory = await synthesizeApp(values.app, settings, workspace, new AbortController().signal);

  const { assumptions, durationsFrom } = readAssumptions();
  const result = estimate(shapeOf(readAssembly(directory, values.stack).resources), traffic, assumptions);
  if (values.json) {
    console.log(JSON.stringify({ ...result, durationsFrom }, null, 2));
    return true;
  }
  console.log(`${estimateInOneLine(result)}\n\n${billTable(result)}`);
  console.log(
    `\nList prices of us-east-1. The oldest is as of ${result.pricesAsOf} (--prices shows all). Durations are from ${durationsFrom}. A worker's share of the events is that of its event types.`,
  );
  return true;
}

function parseSettings(pairs: readonly string[]): Record<string, string> {
  try {
    return parseContextOptions(pairs);
  } catch (error) {
    throw new UsageError(errorText(error), { cause: error });
  }
}

function priceTable(): string {
  const rows = Object.entries(prices).map(([name, { usd, per, unit, asOf, source }]) => [
    name,
    String(usd),
    String(per),
    unit,
    asOf,
    source,
  ]);
  return table(['price', 'usd', 'per', 'unit', 'as of', 'source'], rows, {
    align: ['left', 'right', 'right'],
  });
}

/** `npx zavu-webhooks cost`. */
export const command: Command = { name: 'cost', usage, run };
