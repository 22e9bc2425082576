import { workerNames } from '../../lambda/routes.ts';
import { type Resource, resources, synthesize, target, textOf } from '../support/template.ts';

const all = { silenceHours: '6', canary: 'true', archive: 'true', logDataProtection: 'true' };
const template = synthesize({ alarmEmail: 'oncall@example.com', ...all });
const alarms = resources(template, 'AWS::CloudWatch::Alarm');
const subjects = workerNames.map((name) => name.charAt(0).toUpperCase() + name.slice(1));

/** An alarm's name, without the worker that it watches, as the runbook is headed. */
const nameOf = (id: string) =>
  id
    .replace(/^Monitoring/, '')
    .replace(/[0-9A-F]{8}$/, '')
    .replace(new RegExp(`(${subjects.join('|')})$`), '');
const perWorker = ['DeadLetters', 'OldestMessage', 'WorkerErrors', 'WorkerThrottles', 'SchemaDrift'];
const single = [
  'ParkedEvents',
  'ReceiverUnavailable',
  'ReceiverErrors',
  'ReceiverThrottles',
  'ReceiverServerErrors',
  'ReceiverSlow',
  'RejectedSignatures',
  'NothingReceived',
  'IdempotencyThrottled',
  'Canary',
  'ArchiveIncomplete',
  'ArchiveDelayed',
  'ArchiveErrors',
  'ConfidentialLogs',
];

test('everything is watched, each worker by itself', () => {
  const expected = [...single, ...perWorker.flatMap((name) => workerNames.map(() => name))];
  expect(alarms.map(([id]) => nameOf(id)).sort()).toEqual(expected.sort());
});

describe.each(alarms)('alarm %s', (id, { Properties }) => {
  const text = textOf(Properties.AlarmDescription);

  test('says what is lost, why it rings, where to look, what to run and where to read on', () => {
    const [impact, because, look, next, runbook] = text.split('\n');
    expect(impact).toMatch(/^[A-Z].{40,}\.$/);
    expect(because).toMatch(/^Threshold: .{30,}\.$/);
    expect(look).toMatch(
      /^Look: https:\/\/<AWS::Region>\.console\.aws\.amazon\.com\/\S+\?region=<AWS::Region>#\S+$/,
    );
    expect(next).toMatch(/^Next: (aws|npm run) /);
    expect(runbook).toBe(`What to do: docs/runbook.md#${nameOf(id).toLowerCase()}`);
    // CloudWatch takes 1,024 characters; names are longer once deployed.
    expect(text.length).toBeLessThan(850);
  });

  test('notifies the topic, when it rings and when it is over', () => {
    const topic = [{ Ref: expect.stringMatching(/^MonitoringAlarms/) }];
    expect(Properties).toMatchObject({ AlarmActions: topic, OKActions: topic });
  });

  test('takes silence for health, unless silence is what it watches', () => {
    const isHeartbeat = ['NothingReceived', 'Canary'].includes(nameOf(id));
    expect(Properties).toMatchObject(
      isHeartbeat
        ? { TreatMissingData: 'breaching', ComparisonOperator: 'LessThanThreshold' }
        : { TreatMissingData: 'notBreaching', ComparisonOperator: 'GreaterThanOrEqualToThreshold' },
    );
  });
});

test.each(workerNames.map((_name, index) => subjects[index] ?? ''))(
  'dead letters of %s ring at the first, and name the queue and the command',
  (subject) => {
    const { Properties } = only(alarms.filter(([id]) => id.startsWith(`MonitoringDeadLetters${subject}`)));
    expect(Properties).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 1,
      EvaluationPeriods: 1,
    });
    expect(JSON.stringify(Properties.Dimensions)).toContain(`${subject}DeadLetterQueue`);
    const text = textOf(Properties.AlarmDescription);
    expect(text).toMatch(new RegExp(`%2F<${subject}DeadLetterQueue\\w+>`));
    expect(text).toContain(`npm run dead-letters -- list --worker ${subject.toLowerCase()} --stage dev`);
  },
);

test('what cannot wait is gathered for the pager', () => {
  const { Properties } = only(resources(template, 'AWS::CloudWatch::CompositeAlarm'));
  const rule = JSON.stringify(Properties.AlarmRule);
  const gathered = alarms.filter(([id]) => rule.includes(id)).map(([id]) => nameOf(id));
  expect([...new Set(gathered)].sort()).toEqual([
    'Canary',
    'NothingReceived',
    'OldestMessage',
    'ReceiverErrors',
    'ReceiverServerErrors',
    'ReceiverThrottles',
    'ReceiverUnavailable',
    'RejectedSignatures',
  ]);
  expect(Properties.AlarmActions).toBeUndefined();
});

test('alarms reach an address, a topic that is there, and a pager', () => {
  template.hasResourceProperties('AWS::SNS::Subscription', {
    Protocol: 'email',
    Endpoint: 'oncall@example.com',
  });
  const alarmTopicArn = 'arn:aws:sns:eu-west-1:123456789012:ops';
  const pagingTopicArn = 'arn:aws:sns:eu-west-1:123456789012:pager';
  const given = synthesize({ alarmTopicArn, pagingTopicArn });
  given.resourceCountIs('AWS::SNS::Topic', 0);
  for (const [, { Properties }] of resources(given, 'AWS::CloudWatch::Alarm')) {
    expect(Properties.AlarmActions).toEqual([alarmTopicArn]);
  }
  given.hasResourceProperties('AWS::CloudWatch::CompositeAlarm', { AlarmActions: [pagingTopicArn] });
});

test('silence rings only where it is asked for', () => {
  const quiet = resources(synthesize(), 'AWS::CloudWatch::Alarm').map(([id]) => nameOf(id));
  expect(quiet).not.toContain('NothingReceived');
  expect(quiet).not.toContain('Canary');
});

test("the canary's events do not count as received", () => {
  const received = resources(template, 'AWS::Logs::MetricFilter').filter(([, { Properties }]) =>
    JSON.stringify(Properties).includes('"MetricName":"Received"'),
  );
  expect(received.map(([, { Properties }]) => Properties.FilterPattern)).toEqual([
    '{ ($.id = "*") && ($.type != "zavu-webhooks.canary") }',
  ]);
});

describe('drift', () => {
  const filters = resources(template, 'AWS::Logs::MetricFilter').flatMap(([, { Properties }]) =>
    (Properties.MetricTransformations as { MetricName: string; Dimensions?: unknown[] }[]).map(
      (transformation) => ({ ...transformation, pattern: Properties.FilterPattern }),
    ),
  );

  test('is counted for each worker, and by type and path', () => {
    for (const name of subjects) {
      const [total] = filters.filter(({ MetricName }) => MetricName === `SchemaDrift${name}`);
      expect(total).toMatchObject({ pattern: '{ $.message = "drift" }', DefaultValue: 0 });
    }
    const byPath = filters.filter(({ MetricName }) => MetricName === 'SchemaDriftByPath');
    expect(byPath).toHaveLength(workerNames.length);
    expect(byPath[0]?.Dimensions).toEqual([
      { Key: 'Type', Value: '$.type' },
      { Key: 'Path', Value: '$.path' },
    ]);
  });
});

test('a table that throttles nothing any more has its alarm clear: what is missing counts as 0', () => {
  const [[, { Properties }] = [] as never] = alarms.filter(([id]) => nameOf(id) === 'IdempotencyThrottled');
  const metrics = Properties.Metrics as {
    Expression?: string;
    MetricStat?: { Metric: { Namespace: string; MetricName: string; Dimensions: unknown[] } };
  }[];
  expect(metrics.flatMap(({ Expression }) => Expression ?? [])).toEqual([
    'FILL(puts, 0) + FILL(updates, 0) + FILL(deletes, 0)',
  ]);
  expect(metrics.flatMap(({ MetricStat }) => MetricStat?.Metric ?? [])).toEqual(
    ['PutItem', 'UpdateItem', 'DeleteItem'].map((Value) => ({
      Namespace: 'AWS/DynamoDB',
      MetricName: 'ThrottledRequests',
      Dimensions: [
        { Name: 'Operation', Value },
        { Name: 'TableName', Value: { Ref: expect.stringMatching(/^IdempotencyTable/) } },
      ],
    })),
  );
});

describe('the dashboard', () => {
  const { Properties } = only(resources(template, 'AWS::CloudWatch::Dashboard'));
  const body = textOf(Properties.DashboardBody);

  test('answers from top to bottom', () => {
    const headings = [...body.matchAll(/"markdown":"## ([^"]+)"/g)].map(([, heading]) => heading);
    expect(headings).toEqual([
      'Are we receiving?',
      'How fast?',
      'Is it flowing?',
      'What failed?',
      'What does it cost?',
    ]);
  });

  test('shows every alarm and queue, and every function that events pass', () => {
    for (const type of ['AWS::CloudWatch::Alarm', 'AWS::SQS::Queue', 'AWS::Lambda::Function']) {
      const missing = resources(template, type).filter(([id]) => !body.includes(`<${id}>`));
      expect(missing.map(([id]) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual(
        type === 'AWS::Lambda::Function' ? ['CanaryFunction'] : [],
      );
    }
  });

  test('shows only metrics that something reports', () => {
    const shown = [...body.matchAll(/"ZavuWebhooks\/Test","(\w+)"/g)].map(([, name = '']) => name);
    expect([...new Set(shown)].sort()).toEqual(['Duplicates', 'EndToEnd', 'Handled', 'Retries']);
    const searched = [...body.matchAll(/MetricName=\\"(\w+)\\"/g)].map(([, name]) => name);
    const counted = resources(template, 'AWS::Logs::MetricFilter').flatMap(([, filter]) =>
      (filter.Properties.MetricTransformations as { MetricName: string }[]).map(
        ({ MetricName }) => MetricName,
      ),
    );
    expect(counted).toEqual(expect.arrayContaining(searched));
    expect(searched).toHaveLength(3);
  });
});

test('the questions that come up on call are saved, for the logs that answer them', () => {
  const saved = resources(template, 'AWS::Logs::QueryDefinition').map(([, { Properties }]) => Properties);
  expect(saved.map(({ Name }) => Name)).toEqual(
    [
      'An event by its id',
      'A message by its id',
      'Rejected deliveries',
      'Slowest handlers',
      'Failures by reason',
    ].map((name) => expect.stringMatching(new RegExp(`/${name}$`))),
  );
  const groups = (name: string) => {
    const query = saved.find(({ Name }) => String(Name).endsWith(name));
    return (query?.LogGroupNames as unknown[] | undefined)?.map(target);
  };
  expect(groups('An event by its id')).toHaveLength(workerNames.length + 1);
  expect(groups('Rejected deliveries')).toEqual([expect.stringMatching(/^ReceiverFunctionLogs/)]);
});

function only(found: [string, Resource][]): Resource {
  const [first, ...others] = found;
  if (!first || others.length > 0) throw new Error(`There are ${found.length}.`);
  return first[1];
}
