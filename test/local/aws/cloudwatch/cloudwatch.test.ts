import type { Resource } from '../../../../local/aws/template/assembly.ts';
import { startCloudWatch } from '../../../support/cloudwatch.ts';

const minute = 60_000;
const topic = 'arn:aws:sns:us-east-1:000000000000:Alarms';
const metric = { namespace: 'AWS/Lambda', name: 'Errors', dimensions: {} };

/** An alarm on errors that notifies the topic when it fires and when it clears. */
const errors = (properties: object = {}): Resource => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    Namespace: 'AWS/Lambda',
    MetricName: 'Errors',
    Period: 60,
    Statistic: 'Sum',
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    Threshold: 1,
    EvaluationPeriods: 1,
    TreatMissingData: 'notBreaching',
    AlarmActions: [topic],
    OKActions: [topic],
    ...properties,
  },
});
const throttles = errors({ MetricName: 'Throttles' });
const composite = (AlarmRule: string, properties: object = {}): Resource => ({
  Type: 'AWS::CloudWatch::CompositeAlarm',
  Properties: { AlarmRule, AlarmActions: [topic], OKActions: [topic], ...properties },
});
const started = (resources: Record<string, Resource>) => {
  const run = startCloudWatch(resources);
  const changes = () => run.transitions.splice(0).map(({ name, from, to }) => `${name}: ${from} -> ${to}`);
  const state = (name: string) => run.cloudwatch.describeAlarms().find((each) => each.name === name)?.state;
  return { ...run, changes, state };
};

test('an alarm begins without data, fires after the period of its cause, and clears', () => {
  const { cloudwatch, clock, changes, state } = started({ Errors: errors() });
  expect(state('Errors')).toBe('INSUFFICIENT_DATA');
  clock.advance(minute);
  expect(changes()).toEqual(['Errors: INSUFFICIENT_DATA -> OK']);
  clock.advance(minute / 2);
  cloudwatch.record(metric, 1);
  expect(changes()).toEqual([]);
  clock.advance(minute / 2);
  expect(changes()).toEqual(['Errors: OK -> ALARM']);
  clock.advance(3 * minute);
  expect(changes()).toEqual(['Errors: ALARM -> OK']);
});

test('its actions run when it changes state, each time, and not while the state lasts', () => {
  const { cloudwatch, clock, transitions } = started({ Errors: errors() });
  for (let times = 0; times < 3; times++) {
    cloudwatch.record(metric, 1);
    clock.advance(minute);
  }
  expect(transitions).toEqual([
    {
      name: 'Errors',
      from: 'INSUFFICIENT_DATA',
      to: 'ALARM',
      reason: 'Datapoints, oldest first: - - 1; 1 of 1 must be greater than or equal to 1.',
      notifications: [{ topic, delivered: true, readers: [] }],
      acts: true,
    },
  ]);
});

test.each([
  ['has no action for the state', { AlarmActions: [] }],
  ['has its actions switched off', { ActionsEnabled: false }],
])('nobody is told of an alarm that %s', (_case, properties) => {
  const { cloudwatch, clock, transitions } = started({ Errors: errors(properties) });
  cloudwatch.record(metric, 1);
  clock.advance(minute);
  expect(transitions.map(({ to, notifications }) => ({ to, notifications }))).toEqual([
    { to: 'ALARM', notifications: [] },
  ]);
});

test('a pause leaves out no evaluation: what fired and cleared in between is told', () => {
  const { cloudwatch, clock, changes } = started({ Errors: errors() });
  clock.advance(minute);
  cloudwatch.record(metric, 1);
  changes();
  clock.jump(90 * minute);
  clock.advance(0);
  expect(changes()).toEqual(['Errors: OK -> ALARM', 'Errors: ALARM -> OK']);
});

test('what comes first after a pause does not push out what was there before it', () => {
  const { cloudwatch, clock, changes } = started({ Errors: errors() });
  clock.advance(minute);
  cloudwatch.record(metric, 1);
  changes();
  clock.jump(90 * minute);
  cloudwatch.record(metric, 0);
  expect(changes()).toEqual(['Errors: OK -> ALARM', 'Errors: ALARM -> OK']);
});

test('stopped, it evaluates nothing', () => {
  const { cloudwatch, clock, changes } = started({ Errors: errors() });
  cloudwatch.stop();
  cloudwatch.record(metric, 1);
  clock.advance(10 * minute);
  expect(changes()).toEqual([]);
});

test("log lines feed filters, the embedded metric format and CloudWatch Logs' own metrics", () => {
  const MetricTransformations = [
    { MetricNamespace: 'Own', MetricName: 'Rejected', MetricValue: '1', DefaultValue: 0 },
  ];
  const { cloudwatch, clock, refusals } = started({
    Filter: {
      Type: 'AWS::Logs::MetricFilter',
      Properties: {
        LogGroupName: 'Logs',
        FilterPattern: '{ $.outcome = "rejected" }',
        MetricTransformations,
      },
    },
  });
  const names = () => cloudwatch.recorded.map(({ namespace, name }) => `${namespace} ${name}`).sort();
  cloudwatch.line('Logs', 'prefix {"outcome":"rejected"}\n');
  cloudwatch.line('Other', '{"outcome":"rejected"}\n');
  const own = ['AWS/Logs IncomingBytes', 'AWS/Logs IncomingLogEvents'];
  expect([...new Set(names())]).toEqual(own);
  // The default value, for a minute without a match.
  clock.advance(minute);
  expect([...new Set(names())]).toEqual([...own, 'Own Rejected']);
  const Metrics = [{ Name: 'Handled' }];
  const _aws = { CloudWatchMetrics: [{ Namespace: 'Own', Dimensions: [[]], Metrics }] };
  cloudwatch.line('Logs', JSON.stringify({ _aws, Handled: 1 }));
  expect(names()).toContain('Own Handled');
  expect(refusals).toEqual([]);
  cloudwatch.line('Logs', JSON.stringify({ _aws, Handled: 'one' }));
  expect(names()).toContain('AWS/Logs EMFValidationErrors');
  expect(refusals).toEqual([expect.stringContaining('Handled')]);
});

describe('a composite alarm', () => {
  const arn = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:Errors';
  const resources = {
    Errors: errors(),
    Throttles: throttles,
    Paging: composite(`ALARM("${arn}") OR ALARM(Throttles)`),
  };

  test('acts when it changes state itself: a second part that fires is not told', () => {
    const { cloudwatch, clock, transitions } = started(resources);
    clock.advance(minute);
    transitions.splice(0);
    cloudwatch.record(metric, 1);
    clock.advance(minute);
    cloudwatch.record(metric, 1);
    cloudwatch.record({ ...metric, name: 'Throttles' }, 1);
    clock.advance(minute);
    clock.advance(5 * minute);
    const paging = transitions.filter(({ name }) => name === 'Paging');
    expect(paging.map(({ to, notifications }) => [to, notifications.length])).toEqual([
      ['ALARM', 1],
      ['OK', 1],
    ]);
    expect(paging[0]?.reason).toBe('Its rule is true: Errors in ALARM.');
  });

  test('of composites follows them', () => {
    const nested = { ...resources, Above: composite('ALARM(Paging) AND NOT ALARM(Throttles)') };
    const { cloudwatch, clock, state } = started(nested);
    cloudwatch.record(metric, 1);
    clock.advance(minute);
    expect(state('Above')).toBe('ALARM');
    clock.advance(5 * minute);
    expect(state('Above')).toBe('OK');
  });

  test.each([
    ['an alarm that is not there', { Paging: composite('ALARM(Missing)') }, 'Missing'],
    ['itself', { Paging: composite('ALARM(Other)'), Other: composite('ALARM(Paging)') }, 'itself'],
    ['what is no rule', { Paging: composite('Errors') }, 'Errors'],
  ])('is refused where it asks for %s', (_case, refused, why) => {
    expect(() => started(refused)).toThrow('The alarm Paging: ');
    expect(() => started(refused)).toThrow(why);
  });
});

describe('a state that somebody sets', () => {
  test('runs the actions, and lasts until the next evaluation', () => {
    const { cloudwatch, clock, transitions, changes } = started({ Errors: errors() });
    clock.advance(minute);
    changes();
    cloudwatch.setAlarmState('Errors', 'ALARM', 'a test of the pager');
    expect(transitions).toMatchObject([
      { to: 'ALARM', reason: 'a test of the pager', notifications: [{ topic }] },
    ]);
    changes();
    clock.advance(minute);
    expect(changes()).toEqual(['Errors: ALARM -> OK']);
  });

  test('reaches composites, whose own lasts until one of their alarms changes', () => {
    const { cloudwatch, clock, changes, state } = started({
      Errors: errors(),
      Paging: composite('ALARM(Errors)'),
    });
    clock.advance(minute);
    changes();
    cloudwatch.setAlarmState('Errors', 'ALARM', 'a test');
    expect(changes()).toEqual(['Errors: OK -> ALARM', 'Paging: OK -> ALARM']);
    clock.advance(minute);
    cloudwatch.setAlarmState('Paging', 'ALARM', 'a test');
    clock.advance(10 * minute);
    expect(state('Paging')).toBe('ALARM');
    cloudwatch.record(metric, 1);
    clock.advance(minute);
    clock.advance(5 * minute);
    expect(state('Paging')).toBe('OK');
  });

  test('of an alarm that is not there is refused', () => {
    expect(() => started({}).cloudwatch.setAlarmState('Missing', 'OK', 'a test')).toThrow('no alarm Missing');
  });
});

test('two alarms of one name are refused', () => {
  const twice = { One: errors({ AlarmName: 'Same' }), Two: errors({ AlarmName: 'Same' }) };
  expect(() => started(twice)).toThrow('Two alarms have the name Same');
});
