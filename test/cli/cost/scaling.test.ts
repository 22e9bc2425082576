import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { readAssumptions } from '../../../cli/cost/assumptions.ts';
import { estimate } from '../../../cli/cost/estimate.ts';
import { estimateInOneLine } from '../../../cli/cost/report.ts';
import { shapeOf } from '../../../cli/cost/stack-shape.ts';
import { readSettings } from '../../../lib/settings/settings.ts';
import { synthesizeStack } from '../../support/template.ts';

const document = readFileSync(join(import.meta.dirname, '../../../docs/scaling.md'), 'utf8');

test.each([
  [1, 1],
  [100, 1],
  [100, 10],
  [10_000, 10],
])('docs/scaling.md says what %d a second cost, in batches of %d', (perSecond, batch) => {
  const { Resources } = JSON.parse(JSON.stringify(synthesizeStack()));
  const traffic = { events: perSecond * 730 * 3600, payloadBytes: 2048, batch };
  const { assumptions } = readAssumptions();
  expect(document).toContain(estimateInOneLine(estimate(shapeOf(Resources), traffic, assumptions)));
});

test('docs/scaling.md computes with the settings that are the defaults', () => {
  const { throttleRate, workerMaxConcurrency, queueRetentionDays } = readSettings(new App().node);
  expect(document).toContain(`${throttleRate / 10} + ${4 * workerMaxConcurrency}`);
  expect(document).toContain(`\`queueRetentionDays\` (${queueRetentionDays})`);
});
