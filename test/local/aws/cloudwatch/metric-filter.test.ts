import { MetricFilter } from '../../../../local/aws/cloudwatch/metric-filter.ts';

const minute = 60_000;
const namespace = 'ZavuWebhooks/Test';

function filter(transformation: object = {}, properties: object = {}): MetricFilter {
  const MetricTransformations = [
    { MetricNamespace: namespace, MetricName: 'Rejected', MetricValue: '1', ...transformation },
  ];
  const Properties = {
    LogGroupName: 'Logs',
    FilterPattern: '{ $.outcome = "rejected" }',
    MetricTransformations,
    ...properties,
  };
  return new MetricFilter('Filter', { Type: 'AWS::Logs::MetricFilter', Properties }, (value) => value);
}

const rejected = { outcome: 'rejected', reason: 'stale', ms: 12, text: 'x', numeric: '7' };
const metric = { namespace, name: 'Rejected', dimensions: {} };

test('gives a value for a line that matches, and none for another', () => {
  const counted = filter();
  expect(counted.take(rejected, 5)).toEqual([{ metric, value: 1, time: 5 }]);
  expect(counted.take({ outcome: 'received' }, 6)).toEqual([]);
});

test.each([
  ['$.ms', 12],
  ['$.numeric', 7],
  ['0.5', 0.5],
])('takes the value %s', (MetricValue, value) => {
  expect(filter({ MetricValue }).take(rejected, 5)).toEqual([{ metric, value, time: 5 }]);
});

test.each(['$.text', '$.missing'])('gives no value where %s is no number', (MetricValue) => {
  expect(filter({ MetricValue }).take(rejected, 5)).toEqual([]);
});

describe('with dimensions', () => {
  const withReason = () => filter({ Dimensions: [{ Key: 'Reason', Value: '$.reason' }] });

  test('tells values apart by a field', () => {
    expect(withReason().take(rejected, 5)).toEqual([
      { metric: { ...metric, dimensions: { Reason: 'stale' } }, value: 1, time: 5 },
    ]);
  });

  test('gives no value for a line without the field', () => {
    expect(withReason().take({ outcome: 'rejected' }, 5)).toEqual([]);
  });
});

describe('with a default value', () => {
  const withDefault = () => filter({ DefaultValue: 0 });
  const zero = (time: number) => ({ metric, value: 0, time });

  test('reports it once for a minute in which lines came and none matched', () => {
    const counted = withDefault();
    counted.take({}, 1);
    expect(counted.take({}, 2)).toEqual([]);
    expect(counted.endMinute(minute)).toEqual([zero(1)]);
    expect(counted.endMinute(2 * minute)).toEqual([]);
  });

  test('reports it when the first line of the next minute comes', () => {
    const counted = withDefault();
    counted.take({}, 1);
    expect(counted.take(rejected, minute)).toEqual([zero(1), { metric, value: 1, time: minute }]);
  });

  test('does not report it for a minute with a match, nor for one without lines', () => {
    const counted = withDefault();
    counted.take(rejected, 1);
    counted.take({}, 2);
    expect(counted.endMinute(minute)).toEqual([]);
    expect(withDefault().endMinute(minute)).toEqual([]);
  });
});

test('names the filter and its pattern where it does not know it', () => {
  expect(() => filter({}, { FilterPattern: 'ERROR' })).toThrow(
    /metric filter Filter has the pattern ERROR: .*JSON/,
  );
});

const dimension = (Key: string) => ({ Key, Value: '$.reason' });
test.each([
  ['more than three dimensions', { Dimensions: ['a', 'b', 'c', 'd'].map(dimension) }, 'three dimensions'],
  [
    'a default value beside dimensions',
    { Dimensions: [dimension('a')], DefaultValue: 0 },
    'no default value',
  ],
  ['a dimension that is no field', { Dimensions: [{ Key: 'a', Value: 'text' }] }, 'Filter'],
  ['a property that is not known here', { Strange: true }, 'Strange'],
  ['a value that is neither number nor field', { MetricValue: 'one' }, 'selector'],
])('refuses %s, as AWS does', (_case, transformation, why) => {
  expect(() => filter(transformation)).toThrow(why);
});
