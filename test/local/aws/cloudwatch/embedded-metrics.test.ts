import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { EmbeddedMetricsError, embeddedMetrics } from '../../../../local/aws/cloudwatch/embedded-metrics.ts';

const namespace = 'ZavuWebhooks/Test';

/** A line with one metric, `Handled`, whose value and dimension may differ. */
const line = (members: object = {}, directive: object = {}) =>
  JSON.stringify({
    _aws: {
      Timestamp: 1,
      CloudWatchMetrics: [
        { Namespace: namespace, Dimensions: [['service']], Metrics: [{ Name: 'Handled' }], ...directive },
      ],
    },
    service: 'inbound',
    Handled: 1,
    ...members,
  });
const handled = { namespace, name: 'Handled', dimensions: { service: 'inbound' } };

test('reads what Powertools writes, each value of several', () => {
  const metrics = new Metrics({ namespace, serviceName: 'inbound' });
  for (const value of [3, 5]) metrics.addMetric('EndToEnd', MetricUnit.Milliseconds, value);
  metrics.addMetric('Handled', MetricUnit.Count, 1);
  const endToEnd = { ...handled, name: 'EndToEnd' };
  expect(embeddedMetrics(JSON.stringify(metrics.serializeMetrics()))).toEqual([
    { metric: endToEnd, value: 3 },
    { metric: endToEnd, value: 5 },
    { metric: handled, value: 1 },
  ]);
});

test("reads them behind the prefix of Lambda's console", () => {
  const prefix = '2026-01-01T00:00:00.000Z\tc6af9ac6-7b61-11e6-9a41-93e812345678\tINFO\t';
  expect(embeddedMetrics(prefix + line())).toEqual([{ metric: handled, value: 1 }]);
});

test('makes a metric of each set of dimensions, of none, too', () => {
  const read = embeddedMetrics(line({ stage: 'dev' }, { Dimensions: [['service', 'stage'], []] }));
  expect(read.map(({ metric }) => metric.dimensions)).toEqual([{ service: 'inbound', stage: 'dev' }, {}]);
});

test.each(['{"message":"handled"}', 'START RequestId: 1', '{"_aws" is no JSON', '{"a":{"_aws":{}}}'])(
  'finds no metrics in %s',
  (text) => {
    expect(embeddedMetrics(text)).toEqual([]);
  },
);

test.each([
  ['a text for a number', line({ Handled: '1' })],
  ['no value', line({ Handled: undefined })],
  ['NaN, which JSON writes as null', line({ Handled: Number.NaN })],
  ['a value beyond 2^360', line({ Handled: 2 ** 361 })],
  ['more than 100 values', line({ Handled: Array(101).fill(1) })],
  ['one wrong value among others', line({ Handled: [1, '2'] })],
  ['no value of a dimension', line({ service: undefined })],
  ['a number for a dimension', line({ service: 1 })],
  ['no namespace', line({}, { Namespace: '' })],
  ['more than 100 metrics', line({}, { Metrics: Array(101).fill({ Name: 'Handled' }) })],
  ['no list of dimensions', line({}, { Dimensions: undefined })],
])('refuses a line with %s', (_case, text) => {
  expect(() => embeddedMetrics(text)).toThrow(EmbeddedMetricsError);
});
