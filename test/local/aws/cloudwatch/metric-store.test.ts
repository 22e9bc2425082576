import { MetricStore } from '../../../../local/aws/cloudwatch/metric-store.ts';
import { statistic } from '../../../../local/aws/cloudwatch/statistic.ts';

const minute = 60_000;
const metric = { namespace: 'AWS/SQS', name: 'Age', dimensions: { QueueName: 'Inbound' } };
const store = (keepMs = 60 * minute) => new MetricStore(() => keepMs);

test.each([
  ['Sum', 110],
  ['Average', 22],
  ['Minimum', 1],
  ['Maximum', 100],
  ['SampleCount', 5],
  ['p50', 3],
  ['p99', 100],
  ['p20', 1],
])('%s of a period', (name, expected) => {
  const metrics = store();
  for (const value of [4, 1, 100, 3, 2]) metrics.record(metric, value, 90_000);
  expect(metrics.read(metric, statistic(name), minute, 2 * minute)).toBe(expected);
});

test('counts a value as often as it came, in all minutes of a period', () => {
  const metrics = store();
  for (const time of [0, 59_999, minute, 5 * minute]) metrics.record(metric, 7, time);
  expect(metrics.read(metric, statistic('Sum'), 0, 5 * minute)).toBe(21);
  expect(metrics.read(metric, statistic('SampleCount'), minute, 5 * minute)).toBe(1);
});

test('has no value, and not 0, where nothing came', () => {
  const metrics = store();
  metrics.record(metric, 0, 0);
  expect(metrics.read(metric, statistic('Sum'), 0, minute)).toBe(0);
  expect(metrics.read(metric, statistic('Sum'), minute, 2 * minute)).toBeUndefined();
});

test.each([
  ['another dimension beside it', { QueueName: 'Inbound', Account: '1' }],
  ['no dimension', {}],
  ['another value', { QueueName: 'Delivery' }],
])('is another metric with %s', (_case, dimensions) => {
  const metrics = store();
  metrics.record(metric, 1, 0);
  expect(metrics.read({ ...metric, dimensions }, statistic('Sum'), 0, minute)).toBeUndefined();
});

test('is the same metric in whatever order its dimensions are', () => {
  const metrics = store();
  metrics.record({ ...metric, dimensions: { a: '1', b: '2' } }, 1, 0);
  const turned = { ...metric, dimensions: { b: '2', a: '1' } };
  expect(metrics.read(turned, statistic('Sum'), 0, minute)).toBe(1);
});

test('forgets old values, and not that there were any', () => {
  const metrics = store(2 * minute);
  for (const time of [0, minute, 2 * minute, 3 * minute]) metrics.record(metric, 1, time);
  expect(metrics.read(metric, statistic('Sum'), 0, 4 * minute)).toBe(3);
  expect(metrics.recorded).toEqual([metric]);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, 2 ** 361, -(2 ** 361)])('refuses a value of %p', (value) => {
  expect(() => store().record(metric, value, 0)).toThrow(RangeError);
});

test.each(['p101', 'tm99', 'constructor', ''])('does not know the statistic "%s"', (name) => {
  expect(() => statistic(name)).toThrow('does not know the statistic');
});
