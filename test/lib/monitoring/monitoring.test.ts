import { App } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { readSettings } from '../../../lib/settings/settings.ts';
import { WebhookStack } from '../../../lib/webhook-stack.ts';
import { handlers, workerNames } from '../../support/handlers.ts';
import {
  resources,
  type SynthesizedResource,
  synthesizeStack,
  target,
  textOf,
} from '../../support/template.ts';

const all = {
  noTrafficAlarmHours: '6',
  canary: 'true',
  archive: 'true',
  reconcile: 'true',
  dashboard: 'true',
};
const template = synthesizeStack({ alarmEmail: 'oncall@example.com', ...all });
/** Metric alarms that are a part of a heartbeat, and its own alarm. */
const part = /(Silence|Begun)[0-9A-F]{8}$/;
const metricAlarms = resources(template, 'AWS::CloudWatch::Alarm');
const heartbeats = resources(template, 'AWS::CloudWatch::CompositeAlarm');
/** Every alarm that tells somebody. */
const alarms = [...metricAlarms.filter(([id]) => !part.test(id)), ...heartbeats];
const subjects = workerNames.map((name) => name.charAt(0).toUpperCase() + name.slice(1));

const filters = resources(template, 'AWS::Logs::MetricFilter').flatMap(([, { Properties }]) =>
  (Properties.MetricTransformations as { MetricName: string; Dimensions?: unknown[] }[]).map(
    (transformation) => ({ ...transformation, pattern: Properties.FilterPattern }),
  ),
);

/** An alarm's name, without the worker that it watches, as the runbook is headed. */
const nameOf = (id: string) =>
  id
    .replace(/^Monitoring/, '')
    .replace(/(Silence|Begun|Alarm)?[0-9A-F]{8}$/, '')
    .replace(new RegExp(`(${subjects.join('|')})$`), '');
const perWorker = ['DeadLetters', 'MoreDeadLetters', 'QueueBacklog', 'WorkerErrors', 'WorkerThrottles'];
const single = [
  'SchemaDrift',
  'UnreadableEvents',
  'UnroutedEvents',
  'ReceiverUnavailable',
  'SecretUnreadable',
  'ReceiverErrors',
  'ReceiverThrottles',
  'ReceiverServerErrors',
  'ReceiverSlow',
  'RejectedSignatures',
  'SignedRefused',
  'StageThrottled',
  'NothingReceived',
  'IdempotencyThrottled',
  'WorkerPaused',
  'PausesNotKept',
  'Canary',
  'ArchiveIncomplete',
  'ArchiveDelayed',
  'ArchiveErrors',
  'AcceptanceFastBurn',
  'AcceptanceSlowBurn',
  'HandlingFastBurn',
  'HandlingSlowBurn',
  'EventsRecovered',
  'ReconcileTruncated',
  'ReconcileOverdue',
  'RegistrationDiffers',
];
/** Those that a pager is told of: events are lost within hours. */
const paging = [
  'AcceptanceFastBurn',
  'Canary',
  'HandlingFastBurn',
  'NothingReceived',
  'PausesNotKept',
  'QueueBacklog',
  'ReceiverErrors',
  'ReceiverServerErrors',
  'ReceiverThrottles',
  'ReceiverUnavailable',
  'RegistrationDiffers',
  'SecretUnreadable',
  'SignedRefused',
  'StageThrottled',
  'UnreadableEvents',
];
const pages = (id: string) => paging.includes(nameOf(id));

test('everything is watched, each worker by itself', () => {
  const expected = [...single, ...perWorker.flatMap((name) => workerNames.map(() => name))];
  expect(alarms.map(([id]) => nameOf(id)).sort()).toEqual(expected.sort());
});

describe.each(alarms)('alarm %s', (id, { Properties }) => {
  const text = textOf(Properties.AlarmDescription);

  test('says what is lost, why it fires, where to look, what to run and where to read on', () => {
    const [impact, because, look, next, runbook] = text.split('\n');
    expect(impact).toMatch(/^[A-Z].{40,}\.$/);
    expect(because).toMatch(/^Threshold: .{30,}\.$/);
    expect(look).toMatch(
      /^Look: https:\/\/<AWS::Region>\.console\.aws\.amazon\.com\/\S+\?region=<AWS::Region>#\S+$/,
    );
    expect(next).toMatch(/^Next: (aws|npx zavu-webhooks) /);
    expect(runbook).toBe(`What to do: docs/runbook.md#${nameOf(id).toLowerCase()}`);
  });

  test('tells people when it fires, and of nothing else', () => {
    expect(Properties.AlarmActions).toEqual([{ Ref: expect.stringMatching(/^MonitoringAlarms/) }]);
    expect(Properties).not.toHaveProperty('OKActions');
    expect(Properties).not.toHaveProperty('InsufficientDataActions');
  });
});

test('silence is health, unless it is what an alarm watches', () => {
  for (const [id, { Properties }] of metricAlarms.filter(([each]) => !part.test(each))) {
    expect([id, Properties]).toMatchObject([
      id,
      { TreatMissingData: 'notBreaching', ComparisonOperator: 'GreaterThanOrEqualToThreshold' },
    ]);
  }
});

describe.each(['NothingReceived', 'Canary', 'ReconcileOverdue'])('the heartbeat %s', (name) => {
  const { Properties: heartbeat } = only(heartbeats.filter(([id]) => nameOf(id) === name));
  const partOf = (kind: string) => {
    const [[id, { Properties }] = fail()] = metricAlarms.filter(([each]) =>
      each.startsWith(`Monitoring${name}${kind}`),
    );
    return { id, ...Properties } as Record<string, unknown>;
  };
  const silence = partOf('Silence');
  const begun = partOf('Begun');

  test('fires in silence, once it has begun', () => {
    expect(textOf(heartbeat.AlarmRule)).toBe(`(ALARM("<${silence.id}>") AND OK("<${begun.id}>"))`);
    expect(silence).toMatchObject({
      TreatMissingData: 'breaching',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
    });
  });

  test('has begun for ever after two values: no value breaches, and none changes nothing', () => {
    expect(begun).toMatchObject({
      TreatMissingData: 'ignore',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      Metrics: [{ Expression: 'DIFF_TIME(begun)' }, { Id: 'begun', ReturnData: false }],
    });
  });

  test('its parts tell nobody', () => {
    for (const each of [silence, begun]) {
      expect(Object.keys(each).filter((key) => key.endsWith('Actions'))).toEqual([]);
    }
  });
});

test('it has begun with what Zavu sends, and with the first run of the canary or the reconciler, passed or failed', () => {
  const watched = (name: string) => {
    const [[, alarm] = fail()] = metricAlarms.filter(([id]) => id.startsWith(`Monitoring${name}Begun`));
    return (alarm.Properties.Metrics as { MetricStat?: { Metric: unknown } }[])[1]?.MetricStat?.Metric;
  };
  expect(watched('NothingReceived')).toEqual({ MetricName: 'Received', Namespace: 'ZavuWebhooks/Test' });
  for (const name of ['Canary', 'ReconcileOverdue'])
    expect(watched(name)).toMatchObject({ MetricName: 'Invocations', Namespace: 'AWS/Lambda' });
});

// With a 0 for each minute in which something else is logged, a metric would cost $0.30 a month though nothing happens, and
// NothingReceived would have begun with a stranger's request.
test('no metric has values while nothing happens', () => {
  expect(filters.length).toBeGreaterThan(15);
  expect(filters.filter((filter) => 'DefaultValue' in filter)).toEqual([]);
});

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
test.each(['1', '24', '168'])(
  'no alarm looks further back than CloudWatch does, noTrafficAlarmHours %s',
  (noTrafficAlarmHours) => {
    for (const [id, { Properties }] of resources(
      synthesizeStack({ ...all, noTrafficAlarmHours }),
      'AWS::CloudWatch::Alarm',
    )) {
      const period = periodOf(Properties);
      const day = 86_400;
      const seconds = period * Number(Properties.EvaluationPeriods);
      expect([id, seconds <= (period >= 3_600 ? 7 * day : day)]).toEqual([id, true]);
    }
  },
);

test.each(workerNames.map((_name, index) => subjects[index] ?? ''))(
  'the alarm of dead letters of %s fires at the first, and names the queue and the command',
  (subject) => {
    const { Properties } = only(alarms.filter(([id]) => id.startsWith(`MonitoringDeadLetters${subject}`)));
    expect(Properties).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 1,
      EvaluationPeriods: 1,
    });
    expect(JSON.stringify(Properties.Dimensions)).toContain(`${subject}WorkerDeadLetterQueue`);
    const text = textOf(Properties.AlarmDescription);
    expect(text).toMatch(new RegExp(`%2F<${subject}WorkerDeadLetterQueue\\w+>`));
    expect(text).toContain(
      `npx zavu-webhooks dead-letters list --worker ${subject.toLowerCase()} --stack Test`,
    );
  },
);

test.each(subjects)(
  'more dead letters of %s are told while one stays, and a redrive is no growth',
  (subject) => {
    const { Properties } = only(
      metricAlarms.filter(([id]) => id.startsWith(`MonitoringMoreDeadLetters${subject}`)),
    );
    expect(Properties).toMatchObject({
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 5,
      DatapointsToAlarm: 1,
    });
    const [growth, ...watched] = Properties.Metrics as {
      Expression?: string;
      MetricStat?: { Metric: { MetricName: string; Dimensions: unknown }; Period: number };
    }[];
    expect(growth).toMatchObject({ Expression: 'DIFF(waiting + inFlight)' });
    expect(watched.map(({ MetricStat }) => MetricStat?.Metric.MetricName)).toEqual([
      'ApproximateNumberOfMessagesVisible',
      'ApproximateNumberOfMessagesNotVisible',
    ]);
    for (const { MetricStat } of watched) {
      // A message that is waiting and in flight within one period would count twice.
      expect(MetricStat?.Period).toBe(60);
      expect(JSON.stringify(MetricStat?.Metric.Dimensions)).toContain(`${subject}WorkerDeadLetterQueue`);
    }
  },
);

describe('with a pager', () => {
  const alarmTopicArn = 'arn:aws:sns:eu-west-1:123456789012:ops';
  const pagingTopicArn = 'arn:aws:sns:eu-west-1:123456789012:pager';
  const told = (settings: Record<string, string>) => {
    const given = synthesizeStack({ ...all, ...settings });
    return ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'].flatMap((type) =>
      resources(given, type).filter(([id]) => !part.test(id)),
    );
  };

  test.each(told({ alarmTopicArn, pagingTopicArn }))(
    '%s tells it what cannot wait, and when that is over',
    (id, { Properties }) => {
      expect(Properties.AlarmActions).toEqual(pages(id) ? [alarmTopicArn, pagingTopicArn] : [alarmTopicArn]);
      expect(Properties.OKActions).toEqual(pages(id) ? [pagingTopicArn] : undefined);
    },
  );

  test('each incident is told by its own alarm: none gathers others', () => {
    const composites = told({ pagingTopicArn }).filter(([, { Type }]) => Type.endsWith('CompositeAlarm'));
    expect(composites.map(([id]) => nameOf(id)).sort()).toEqual([
      'Canary',
      'NothingReceived',
      'ReconcileOverdue',
    ]);
  });

  test('that has the topic of all alarms, it is told once', () => {
    for (const [id, { Properties }] of told({ alarmTopicArn, pagingTopicArn: alarmTopicArn })) {
      expect(Properties.AlarmActions).toEqual([alarmTopicArn]);
      expect(Properties.OKActions).toEqual(pages(id) ? [alarmTopicArn] : undefined);
    }
  });
});

describe('the topic', () => {
  test('is of the stack, and has the address, where no other is given', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'oncall@example.com',
    });
    const given = synthesizeStack({ alarmTopicArn: 'arn:aws:sns:eu-west-1:123456789012:ops' });
    given.resourceCountIs('AWS::SNS::Topic', 0);
    given.resourceCountIs('AWS::SNS::TopicPolicy', 0);
  });

  test("takes what the account's alarms publish, and nothing without TLS", () => {
    const { Properties } = only(resources(template, 'AWS::SNS::TopicPolicy'));
    const [[topic] = fail()] = resources(template, 'AWS::SNS::Topic');
    expect(Properties.Topics).toEqual([{ Ref: topic }]);
    const { Statement } = Properties.PolicyDocument as { Statement: Record<string, unknown>[] };
    const on = { Action: 'sns:Publish', Resource: { Ref: topic } };
    expect(Statement).toHaveLength(2);
    expect(Statement).toContainEqual({
      Sid: 'AlarmsPublish',
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      ...on,
    });
    expect(Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        ...on,
      }),
    );
  });
});

describe('a topic in another region than the stack', () => {
  const inEurope = (settings: Record<string, string>, region = 'eu-west-1') => {
    const app = new App({ context: settings });
    return () =>
      new WebhookStack(app, 'Test', { handlers, settings: readSettings(app.node), env: { region } });
  };
  const arn = 'arn:aws:sns:us-east-1:123456789012:ops';

  test.each(['alarmTopicArn', 'pagingTopicArn'])('is refused: %s', (setting) => {
    expect(inEurope({ [setting]: arn })).toThrow(
      `${setting} names a topic in us-east-1, and the stack is in eu-west-1`,
    );
    expect(inEurope({ [setting]: arn }, 'us-east-1')).not.toThrow();
  });
});

test('the alarm for no traffic is there only if it is asked for', () => {
  const quiet = resources(synthesizeStack(), 'AWS::CloudWatch::Alarm').map(([id]) => nameOf(id));
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
  test('is counted of all workers together, and by type and path', () => {
    const total = filters.filter(({ MetricName }) => MetricName === 'SchemaDrift');
    expect(total.map(({ pattern }) => pattern)).toEqual(workerNames.map(() => '{ $.message = "drift" }'));
    const byPath = filters.filter(({ MetricName }) => MetricName === 'SchemaDriftByPath');
    expect(byPath).toHaveLength(workerNames.length);
    expect(byPath[0]?.Dimensions).toEqual([
      { Key: 'Type', Value: '$.type' },
      { Key: 'Path', Value: '$.path' },
    ]);
  });
});

describe('the dashboard', () => {
  const own = ['EndToEnd', 'EventsRecoveredByType', 'Rejected', 'SchemaDriftByPath', 'SharedIds', 'Verified'];

  test('is there only if it is asked for, as are the metrics that no alarm reads', () => {
    const without = synthesizeStack({ ...all, dashboard: 'false' });
    without.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
    const namesIn = (given: Template) =>
      resources(given, 'AWS::Logs::MetricFilter').flatMap(([, filter]) =>
        (filter.Properties.MetricTransformations as { MetricName: string }[]).map((each) => each.MetricName),
      );
    const left = new Set(namesIn(without));
    expect([...new Set(namesIn(template))].filter((name) => !left.has(name)).sort()).toEqual(own);
    const read = JSON.stringify(resources(without, 'AWS::CloudWatch::Alarm'));
    expect([...left].filter((name) => !read.includes(`"MetricName":"${name}"`))).toEqual([]);
  });

  const { Properties } = only(resources(template, 'AWS::CloudWatch::Dashboard'));
  const body = textOf(Properties.DashboardBody);

  test('answers from top to bottom', () => {
    const headings = [...body.matchAll(/"markdown":"## ([^"]+)"/g)].map(([, heading]) => heading);
    expect(headings).toEqual([
      'Do we keep our levels?',
      'Are we receiving?',
      'How fast?',
      'Is it flowing?',
      'What failed?',
      'What did Zavu give up on?',
      'What does it cost?',
    ]);
  });

  test('shows every alarm and queue, and every function that events pass', () => {
    expect(alarms.filter(([id]) => !body.includes(`<${id}.Arn>`) && !body.includes(`<${id}>`))).toEqual([]);
    for (const type of ['AWS::SQS::Queue', 'AWS::Lambda::Function']) {
      const missing = resources(template, type).filter(([id]) => !body.includes(`<${id}>`));
      expect(missing.map(([id]) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual(
        type === 'AWS::Lambda::Function' ? ['PausesFunction', 'CanaryFunction'] : [],
      );
    }
  });

  test('shows only metrics that something reports', () => {
    const shown = [...body.matchAll(/"ZavuWebhooks\/Test","(\w+)"/g)].map(([, name = '']) => name);
    expect([...new Set(shown)].sort()).toEqual([
      'EndToEnd',
      'Late',
      'ReconcileCompleted',
      'ReconcileTruncated',
      'RegistrationDiffers',
      'SharedIds',
    ]);
    const searched = [...body.matchAll(/MetricName=\\"(\w+)\\"/g)].map(([, name]) => name);
    const counted = resources(template, 'AWS::Logs::MetricFilter').flatMap(([, filter]) =>
      (filter.Properties.MetricTransformations as { MetricName: string }[]).map(
        ({ MetricName }) => MetricName,
      ),
    );
    expect(counted).toEqual(
      expect.arrayContaining([
        ...searched,
        'EndToEnd',
        'SharedIds',
        'Late',
        'ReconcileCompleted',
        'ReconcileTruncated',
        'RegistrationDiffers',
      ]),
    );
    expect(searched.toSorted()).toContain('EventsRecoveredByType');
    expect(searched).toHaveLength(4);
  });
});

test('the questions that come up on call are saved, for the logs that answer them', () => {
  const saved = resources(template, 'AWS::Logs::QueryDefinition').map(([, { Properties }]) => Properties);
  expect(saved.map(({ Name }) => Name)).toEqual(
    [
      'An event by its id',
      'A message by its id',
      'Rejected deliveries',
      'Signature schemes',
      'Slowest handlers',
      'Failures by reason',
      'Drift by type and path',
    ].map((name) => expect.stringMatching(new RegExp(`/${name}$`))),
  );
  const groups = (name: string) => {
    const query = saved.find(({ Name }) => String(Name).endsWith(name));
    return (query?.LogGroupNames as unknown[] | undefined)?.map(target);
  };
  expect(groups('An event by its id')).toHaveLength(workerNames.length + 1);
  expect(groups('Drift by type and path')).toHaveLength(workerNames.length);
  expect(groups('Rejected deliveries')).toEqual([expect.stringMatching(/^ReceiverFunctionLogs/)]);
});

/** Seconds of a period of an alarm's metric. */
function periodOf({ Period, Metrics }: Record<string, unknown>): number {
  const periods = (Metrics as { MetricStat?: { Period: number } }[] | undefined)?.flatMap(
    ({ MetricStat }) => MetricStat?.Period ?? [],
  );
  return Math.max(...(periods ?? [Number(Period)]));
}

function fail(): never {
  throw new Error('There is none.');
}

function only(found: [string, SynthesizedResource][]): SynthesizedResource {
  const [first, ...others] = found;
  if (!first || others.length > 0) throw new Error(`There are ${found.length}.`);
  return first[1];
}
