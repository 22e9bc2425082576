import { readAssumptions } from '../../cli/cost/assumptions.ts';
import { estimate } from '../../cli/cost/estimate.ts';
import { estimateInOneLine } from '../../cli/cost/report.ts';
import { shapeOf } from '../../cli/cost/stack-shape.ts';
import { synthesizeStack } from '../support/template.ts';
import { readPage, rowsUnder } from './page.ts';

const page = readPage('docs/cost.md');
const { assumptions } = readAssumptions();
const shape = shapeOf(JSON.parse(JSON.stringify(synthesizeStack())).Resources);
const estimateOf = (events: number, batch: number) =>
  estimate(shape, { events, payloadBytes: 2048, batch }, assumptions);

describe('docs/cost.md', () => {
  const tenMillion = estimateOf(10e6, 10);
  const { bill } = tenMillion;

  test('quotes what `npx zavu-webhooks cost` says of ten million events', () => {
    expect(page).toContain(`> ${estimateInOneLine(tenMillion)}`);
  });

  test('has the price of each part, as `npx zavu-webhooks cost` does', () => {
    const parts = [...bill.components, { component: 'all', usd: bill.total }];
    expect(rowsUnder(page, 'part')).toEqual(
      parts.map(({ component, usd }) => [component, usd.toFixed(2), (usd / 10).toFixed(3)]),
    );
  });

  test('says what batches of one event cost', () => {
    expect(page).toContain(`the same 10M events cost $${estimateOf(10e6, 1).bill.total.toFixed(2)}.`);
  });

  test('says what reconciling adds, idle and with ten million events, and what a thousand recovered events cost', () => {
    const template = synthesizeStack({ reconcile: 'true' });
    const reconciling = estimate(
      shapeOf(JSON.parse(JSON.stringify(template)).Resources),
      { events: 10e6, payloadBytes: 2048, batch: 10 },
      assumptions,
    );
    const idle = (reconciling.idle.total - tenMillion.idle.total).toFixed(2);
    const added = (reconciling.bill.total - bill.total).toFixed(2);
    const text = page.replace(/\s+/g, ' ');
    expect(text).toContain(`adds $${idle} a month while nothing comes, and $${added} with the 10M events.`);
    expect(text).toContain(`cost $${reconciling.perThousandRecovered?.toFixed(4)} at most.`);
  });

  test('says what a dashboard adds, idle and with events', () => {
    const template = synthesizeStack({ dashboard: 'true' });
    const shown = estimate(
      shapeOf(JSON.parse(JSON.stringify(template)).Resources),
      { events: 10e6, payloadBytes: 2048, batch: 10 },
      assumptions,
    );
    const idle = shown.idle.total - tenMillion.idle.total;
    const metrics = shown.bill.total - bill.total - idle;
    expect(page.replace(/\s+/g, ' ')).toContain(
      `adds $${idle.toFixed(2)} a month, and $${metrics.toFixed(2)} for its metrics in a month with events.`,
    );
  });

  test('says what a million events cost with traces, and what part of it traces are', () => {
    const traced = shapeOf(JSON.parse(JSON.stringify(synthesizeStack({ tracing: 'true' }))).Resources);
    const little = estimate(traced, { events: 1e6, payloadBytes: 2048, batch: 1 }, assumptions).bill;
    const traces = little.components.find(({ component }) => component === 'traces')?.usd;
    expect(page.replace(/\s+/g, ' ')).toContain(
      `says $${little.total.toFixed(2)}, of which traces are ${traces?.toFixed(2)}.`,
    );
  });
});
