import { MetricAlarm } from '../../../../local/aws/cloudwatch/metric-alarm.ts';
import { MetricStore } from '../../../../local/aws/cloudwatch/metric-store.ts';

const minute = 60_000;
const simple = {
  Namespace: 'AWS/Lambda',
  MetricName: 'Errors',
  Dimensions: [{ Name: 'FunctionName', Value: 'Receiver' }],
  Period: 60,
  Statistic: 'Sum',
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  Threshold: 5,
  EvaluationPeriods: 1,
};
const metric = { namespace: 'AWS/Lambda', name: 'Errors', dimensions: { FunctionName: 'Receiver' } };

function alarm(properties: object): MetricAlarm {
  return new MetricAlarm(
    'Errors',
    { Type: 'AWS::CloudWatch::Alarm', Properties: { ...properties } },
    (it) => it,
  );
}

/** The state after these values, a minute each, oldest first. */
function stateAfter(properties: object, values: (number | undefined)[], of = metric) {
  const store = new MetricStore(() => 7 * 1_440 * minute);
  values.forEach((value, index) => {
    if (value !== undefined) store.record(of, value, index * minute);
  });
  return alarm(properties).evaluate(store, values.length * minute)?.state;
}

test.each([
  ['GreaterThanOrEqualToThreshold', ['OK', 'ALARM', 'ALARM']],
  ['GreaterThanThreshold', ['OK', 'OK', 'ALARM']],
  ['LessThanThreshold', ['ALARM', 'OK', 'OK']],
  ['LessThanOrEqualToThreshold', ['ALARM', 'ALARM', 'OK']],
])('%s compares 4, 5 and 6 with the threshold', (ComparisonOperator, expected) => {
  expect([4, 5, 6].map((value) => stateAfter({ ...simple, ComparisonOperator }, [value]))).toEqual(expected);
});

test('asks for all evaluation periods unless it has datapoints to alarm', () => {
  const values = [5, 0, 5];
  expect(stateAfter({ ...simple, EvaluationPeriods: 3 }, values)).toBe('OK');
  expect(stateAfter({ ...simple, EvaluationPeriods: 3, DatapointsToAlarm: 2 }, values)).toBe('ALARM');
});

test('a period ends when the alarm is evaluated, whatever the clock says', () => {
  const fiveMinutes = { ...simple, Period: 300, TreatMissingData: 'notBreaching' };
  expect(stateAfter(fiveMinutes, [0, 0, 0, 3, 0, 2, 0])).toBe('ALARM');
});

test('takes a percentile, of all values in the period', () => {
  const { Statistic: _, ...rest } = simple;
  const store = new MetricStore(() => minute);
  for (let value = 1; value <= 100; value++) store.record(metric, value, 0);
  const state = (ExtendedStatistic: string, Threshold: number) =>
    alarm({ ...rest, ExtendedStatistic, Threshold }).evaluate(store, minute)?.state;
  expect([state('p99', 99), state('p99', 100)]).toEqual(['ALARM', 'OK']);
});

test('is INSUFFICIENT_DATA without values, unless it says otherwise', () => {
  expect(stateAfter(simple, [undefined])).toBe('INSUFFICIENT_DATA');
  expect(stateAfter({ ...simple, TreatMissingData: 'breaching' }, [undefined])).toBe('ALARM');
});

test("alarms on DynamoDB's metrics stay as they are while data is missing", () => {
  const onTable = { ...simple, Namespace: 'AWS/DynamoDB', TreatMissingData: 'notBreaching' };
  expect(stateAfter(onTable, [undefined])).toBeUndefined();
});

const query = (Id: string, Period = 60, name = 'Errors') => ({
  Id,
  MetricStat: {
    Metric: { Namespace: 'AWS/Lambda', MetricName: name, Dimensions: simple.Dimensions },
    Period,
    Stat: 'Sum',
  },
  ReturnData: false,
});
const { Namespace: _n, MetricName: _m, Dimensions: _d, Period: _p, Statistic: _s, ...rule } = simple;
const math = (Expression: string, ...queries: object[]) => ({
  ...rule,
  Metrics: [{ Id: 'result', Expression, ReturnData: true }, ...queries],
});

test('calculates, also with the results of other expressions', () => {
  const twice = { Id: 'twice', Expression: '2 * errors', ReturnData: false };
  expect(stateAfter(math('twice + errors', query('errors'), twice), [1])).toBe('OK');
  expect(stateAfter(math('twice + errors', query('errors'), twice), [2])).toBe('ALARM');
});

test('names the metrics that it watches', () => {
  expect(alarm(math('SUM(METRICS())', query('a'), query('b', 60, 'Throttles'))).metrics).toEqual([
    metric,
    { ...metric, name: 'Throttles' },
  ]);
});

test.each([
  ['a period of a second', { Period: 1 }, '10, 30 or a multiple of 60'],
  ['a period of 90 s', { Period: 90 }, '10, 30 or a multiple of 60'],
  ['a period that it cannot evaluate', { Period: 10 }, 'once a minute'],
  ['more than a day', { Period: 300, EvaluationPeriods: 289 }, 'more than 1 d'],
  ['more than seven days', { Period: 3_600, EvaluationPeriods: 169 }, 'more than 7 d'],
  ['more datapoints than periods', { DatapointsToAlarm: 2 }, 'exceeds EvaluationPeriods'],
  ['a description of 1,025 characters', { AlarmDescription: 'a'.repeat(1_025) }, '1,024'],
  ['a name that is not ASCII', { AlarmName: 'Fühler' }, 'ASCII'],
  [
    'an operator that is not known',
    { ComparisonOperator: 'GreaterThanUpperThreshold' },
    'ComparisonOperator',
  ],
  ['a property that is not known here', { ThresholdMetricId: 'a' }, 'ThresholdMetricId'],
  ['an action that is no topic', { AlarmActions: ['arn:aws:automate:eu-west-1:ec2:stop'] }, 'SNS'],
  ['no statistic', { Statistic: undefined }, 'one statistic'],
  ['two statistics', { ExtendedStatistic: 'p99' }, 'one statistic'],
  ['a statistic that is not known', { Statistic: 'tm99' }, 'tm99'],
  ['both kinds of metrics', { Metrics: [query('a')] }, 'Metrics, or else'],
])('refuses %s and names the alarm', (_case, properties, why) => {
  const create = () => alarm({ ...simple, ...properties });
  expect(create).toThrow('The alarm Errors: ');
  expect(create).toThrow(why);
});

test.each([
  ['an id that nothing has', math('missing', query('a')), 'missing'],
  ['a function that is not known', math('STDDEV(a)', query('a')), 'STDDEV'],
  ['an id that is there twice', math('a', query('a'), query('a')), 'twice'],
  ['two periods', math('a + b', query('a'), query('b', 300)), 'one period'],
  ['an expression that refers to itself', math('result + a', query('a')), 'itself'],
  [
    'more than ten metrics',
    math('m0', ...Array.from({ length: 11 }, (_, id) => query(`m${id}`))),
    '11 metrics',
  ],
  ['two results', math('a', { ...query('a'), ReturnData: true }), 'must return data'],
  ['no metric', math('1'), 'one period'],
])('refuses %s in metric math and names the alarm', (_case, properties, why) => {
  expect(() => alarm(properties)).toThrow('The alarm Errors: ');
  expect(() => alarm(properties)).toThrow(why);
});

test.each([
  ['a day in periods of five minutes', { Period: 300, EvaluationPeriods: 288 }],
  ['a week in hours', { Period: 3_600, EvaluationPeriods: 168 }],
  ['1,024 characters', { AlarmDescription: 'a'.repeat(1_024) }],
])('takes %s', (_case, properties) => {
  expect(() => alarm({ ...simple, ...properties })).not.toThrow();
});

test('an alarm over more than a day is evaluated once an hour', () => {
  const week = alarm({ ...simple, Period: 3_600, EvaluationPeriods: 48 });
  expect([week.isDue(60 * minute), week.isDue(61 * minute)]).toEqual([true, false]);
  expect(alarm(simple).isDue(61 * minute)).toBe(true);
});
