import type { Resource } from '../../local/aws/template/assembly.ts';
import { namedMetrics, unfed } from './named-metrics.ts';

const alarm: Resource = {
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    Namespace: 'AWS/SQS',
    MetricName: 'Age',
    Dimensions: [{ Name: 'QueueName', Value: 'Inbound' }],
    Period: 60,
    Statistic: 'Sum',
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: 1,
    EvaluationPeriods: 1,
  },
};
const row = ['AWS/Lambda', 'Errors', 'FunctionName', 'Inbound', { stat: 'Sum', id: 'm' }];
const search = { expression: `SEARCH('{"Own",Reason,Type} MetricName="Rejected"', 'Sum')` };

const named = (...metrics: unknown[][]) => {
  const widgets = [
    { type: 'text', properties: { markdown: '# Errors' } },
    { type: 'alarm', properties: { alarms: [] } },
    { type: 'metric', properties: { title: 'Errors', metrics } },
  ];
  const DashboardBody = JSON.stringify({ widgets });
  return namedMetrics(
    { alarm, dashboard: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardBody } } },
    (it) => it,
  );
};

test('lists what alarms and widgets name, and who names it', () => {
  expect(named(row, [search], [{ expression: 'm * 2' }])).toEqual([
    { namespace: 'AWS/SQS', name: 'Age', dimensions: { QueueName: 'Inbound' }, by: 'the alarm alarm' },
    {
      namespace: 'AWS/Lambda',
      name: 'Errors',
      dimensions: { FunctionName: 'Inbound' },
      by: 'the widget Errors',
    },
    {
      namespace: 'Own',
      name: 'Rejected',
      dimensions: { Reason: undefined, Type: undefined },
      by: 'the widget Errors',
    },
  ]);
});

test.each([
  ['a row in short form', ['AWS/Lambda', '.', '.', 'Inbound']],
  ['a row that repeats the one before it', ['...', 'Inbound']],
  ['a dimension without a value', ['AWS/Lambda', 'Errors', 'FunctionName']],
  ['another search', [{ expression: "SEARCH('Errors', 'Sum')" }]],
])('refuses %s', (_case, metrics) => {
  expect(() => named(metrics)).toThrow('of the widget Errors');
});

test('refuses a widget of another type', () => {
  const DashboardBody = JSON.stringify({ widgets: [{ type: 'log', properties: {} }] });
  const dashboard = { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardBody } };
  expect(() => namedMetrics({ dashboard }, (it) => it)).toThrow('does not know this dashboard');
});

describe('of these', () => {
  const fed = [
    { namespace: 'AWS/SQS', name: 'Age', dimensions: { QueueName: 'Inbound' } },
    { namespace: 'AWS/Lambda', name: 'Errors', dimensions: { FunctionName: 'Inbound' } },
    { namespace: 'Own', name: 'Rejected', dimensions: { Type: 'a', Reason: 'b' } },
  ];

  test('none is missing that something has recorded', () => {
    expect(unfed(named(row, [search]), fed)).toEqual([]);
  });

  test.each([
    ['another namespace', { namespace: 'AWS/SNS' }],
    ['another name', { name: 'Other' }],
    ['another value', { dimensions: { FunctionName: 'Other', QueueName: 'Other' } }],
    [
      'a dimension more',
      { dimensions: { FunctionName: 'Inbound', QueueName: 'Inbound', Type: 'a', Reason: 'b', More: '' } },
    ],
    ['no dimension', { dimensions: {} }],
  ])('each is missing where what was recorded has %s', (_case, difference) => {
    const recorded = fed.map((metric) => ({ ...metric, ...difference }));
    expect(unfed(named(row, [search]), recorded)).toHaveLength(3);
  });
});
