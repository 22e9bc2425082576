import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeApp } from '../local/app/synthesis.ts';
import { readAssembly } from '../local/aws/template/assembly.ts';
import { removeTree } from '../local/remove-tree.ts';
import { readAssumptions } from './cost/assumptions.ts';
import { estimate } from './cost/estimate.ts';
import { prices } from './cost/prices.ts';
import { sizeOption } from './cost/quantity.ts';
import { billTable, estimateInOneLine } from './cost/report.ts';
import { shapeOf } from './cost/stack-shape.ts';
import { createCommand } from './shared/command.ts';
import { contextOption, jsonOption, readSettings } from './shared/options.ts';
import { printJson } from './shared/print-json.ts';
import { table } from './shared/table.ts';

/** `npx zavu-webhooks cost`. */
export const command = createCommand('cost', {
  examples: [
    ['cost --events 1M --batch 1', 'a million events a month, which come one by one'],
    ['cost -c archive=true', 'with the archive'],
  ],
  notes: [
    'What the template does not say is assumed, in the file assumptions.json beside this command: durations, sizes, and the share of each event type. The events of a worker are those of its types.',
  ],
})
  .description(
    "Estimates what a month of the stack costs on AWS, from the template and from AWS's list prices. It deploys nothing.",
  )
  .addOption(sizeOption('--events <n>', 'new events a month').default(10_000_000, '10M'))
  .addOption(sizeOption('--payload <size>', "size of an event's JSON").default(2048, '2KB'))
  .addOption(
    sizeOption(
      '--batch <n>',
      'messages that a worker is given at once, on average. If few events come, give 1',
    ).default(10),
  )
  .addOption(contextOption)
  .option('--app <command>', 'another CDK app than the one of cdk.json: a command line, or a file')
  .option(
    '--stack <name>',
    "the stack to estimate, or <stack>/<construct>, if several receive Zavu's webhooks",
  )
  .option('--prices', 'print the price table, with the page and the date of each price')
  .addOption(jsonOption)
  .action(async ({ events, payload, batch, context, app, stack, json, ...options }) => {
    if (options.prices) {
      if (json) printJson(prices);
      else console.log(priceTable());
      return;
    }
    const settings = readSettings(context);
    const workspace = mkdtempSync(join(tmpdir(), 'zavu-cost-'));
    process.once('exit', () => removeTree(workspace));
    const { directory } = await synthesizeApp(app, settings, workspace, new AbortController().signal);

    const { assumptions, durationsFrom } = readAssumptions();
    const traffic = { events, payloadBytes: payload, batch };
    const result = estimate(shapeOf(readAssembly(directory, stack).resources), traffic, assumptions);
    if (json) return printJson({ ...result, durationsFrom });
    console.log(`${estimateInOneLine(result)}\n\n${billTable(result)}`);
    if (result.perThousandRecovered !== undefined) {
      console.log(
        `\nA thousand events that are recovered cost $${result.perThousandRecovered.toFixed(4)} at most.`,
      );
    }
    console.log(
      `\nList prices of us-east-1. The oldest is as of ${result.pricesAsOf} (--prices shows all). Durations are from ${durationsFrom}. A worker's share of the events is that of its event types.`,
    );
  });

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
