import { longestLadder } from '../../../lambda/zavu/delivery.ts';
import { workerNames } from '../../support/handlers.ts';
import { environmentOf, resources, synthesizeStack } from '../../support/template.ts';

const template = synthesizeStack();

/** For how many seconds each worker keeps its records, under these settings. */
const expiries = (settings: Record<string, unknown> = {}) =>
  resources(synthesizeStack(settings), 'AWS::Lambda::Function').flatMap(
    ([, { Properties }]) => environmentOf(Properties).IDEMPOTENCY_EXPIRY_SECONDS ?? [],
  );

test('the records expire by the attribute that Powertools writes, after every duplicate of an event', () => {
  template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    TimeToLiveSpecification: { AttributeName: 'expiration', Enabled: true },
  });
  const hours = 3600;
  // Zavu's longest ladder, the queue, the dead-letter queue, the queue again after a redrive, a day of slack.
  const lives = 5.35 * hours + (4 + 14 + 4 + 1) * 24 * hours;
  expect(expiries()).toEqual(workerNames.map(() => String(lives)));
});

test('an event is remembered for as long as it is taken, and lives afterwards', () => {
  const days = (expiry: unknown) => Number(expiry) / 86_400;
  // 30 days until it is too old, 4 in the queue, 14 among the dead letters, 4 in the queue again, one of slack.
  const remembered = expiries({ maxEventAgeSeconds: '2592000' }).map(days);
  expect(remembered).toEqual(workerNames.map(() => 30 + 4 + 14 + 4 + 1));
  // Six hours are little more than Zavu's longest ladder.
  const [shortest] = expiries();
  const [six] = expiries({ maxEventAgeSeconds: '21600' });
  expect(Number(six) - Number(shortest)).toBe(21_600 - longestLadder.seconds);
});

test('a table that throttles nothing any more has its alarm clear: what is missing counts as 0', () => {
  const alarms = resources(template, 'AWS::CloudWatch::Alarm').filter(([id]) =>
    id.startsWith('MonitoringIdempotencyThrottled'),
  );
  expect(alarms).toHaveLength(1);
  const [[, { Properties }] = [] as never] = alarms;
  const metrics = Properties.Metrics as {
    Expression?: string;
    MetricStat?: { Metric: { Namespace: string; MetricName: string; Dimensions: unknown[] } };
  }[];
  expect(metrics.flatMap(({ Expression }) => Expression ?? [])).toEqual(['FILL(writes, 0)']);
  expect(metrics.flatMap(({ MetricStat }) => MetricStat?.Metric ?? [])).toEqual([
    {
      Namespace: 'AWS/DynamoDB',
      MetricName: 'WriteThrottleEvents',
      Dimensions: [{ Name: 'TableName', Value: { Ref: expect.stringMatching(/^IdempotencyTable/) } }],
    },
  ]);
});
