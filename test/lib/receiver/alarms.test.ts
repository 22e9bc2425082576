import type { Request } from '../../../lambda/receiver/handler.ts';
import { parseJson } from '../../../lambda/shared/json.ts';
import { shortestLadder } from '../../../lambda/zavu/delivery.ts';
import { sign } from '../../../lambda/zavu/sign.ts';
import { parseFilterPattern } from '../../../local/aws/cloudwatch/filter-pattern.ts';
import { parseMetricMath } from '../../../local/aws/cloudwatch/metric-math.ts';
import { noise } from '../../../testing/conformance/noise.ts';
import { receiverInMemory } from '../../support/receiver-in-memory.ts';
import { resources, synthesizeStack, textOf } from '../../support/template.ts';

const template = synthesizeStack({ noTrafficAlarmHours: '1', dashboard: 'true' });
/** Whether a line counts in a metric. */
const counts = (metric: string, line: string) =>
  resources(template, 'AWS::Logs::MetricFilter')
    .map(([, { Properties }]) => Properties as { FilterPattern: string; MetricTransformations: object[] })
    .filter(({ MetricTransformations }) =>
      MetricTransformations.some((each) => 'MetricName' in each && each.MetricName === metric),
    )
    .filter(({ FilterPattern }) => parseFilterPattern(FilterPattern)(parseJson(line))).length;

describe('what the receiver refuses', () => {
  const secret = 'whsec_test_9f3a2b1c';
  const now = 1_736_850_000_000;
  const seconds = now / 1000;
  const event = {
    id: 'evt_1',
    type: 'message.inbound',
    timestamp: now,
    projectId: 'prj_1',
    data: { text: 'Where is my parcel?' },
  };
  const signed = (body: string, at = seconds, by = secret) => ({
    body,
    headers: { 'x-zavu-signature': sign(body, by, 'v2', at) },
  });
  /** The receiver's line of a request. */
  async function lineOf(request: Request): Promise<string> {
    const { handle, lines } = receiverInMemory([{ secret }, { secret: 'whsec_bound', sender: 'snd_other' }], {
      maxEventAgeSeconds: 21_600,
      maxEventBytes: 1_000,
      now: () => now,
    });
    await handle(request);
    return lines.at(-1) ?? '';
  }

  test.each<[string, string, Request]>([
    ['too old', 'stale_event', signed(JSON.stringify({ ...event, timestamp: now - 86_400_000 }))],
    [
      'too large, even compressed',
      'payload_too_large',
      signed(JSON.stringify({ ...event, data: { text: noise(1, 1_000).toString('base64') } })),
    ],
    [
      'of a secret of another sender',
      'invalid_signature',
      signed(JSON.stringify({ ...event, senderId: 'snd_1' }), seconds, 'whsec_bound'),
    ],
    ['signed too long ago', 'stale_signature', signed(JSON.stringify(event), seconds - 301)],
    ['signed ahead of the clock', 'stale_signature', signed(JSON.stringify(event), seconds + 61)],
  ])('pages once, where Zavu signed it: %s', async (_case, reason, request) => {
    const line = await lineOf(request);
    expect(JSON.parse(line)).toMatchObject({ outcome: 'rejected', reason });
    expect(counts('SignedRefused', line)).toBe(1);
    // By which scheme senders sign is told by what is taken.
    expect(counts('Verified', line)).toBe(0);
  });

  test.each([
    ['no JSON', '{', 1],
    ['an envelope of another form', '{"event_type":"message.inbound"}', 1],
    ['a type that nobody handles', JSON.stringify({ ...event, type: 'message.odd' }), 0],
    ['an event', JSON.stringify(event), 0],
  ])('what no type can be read from pages as such: %s', async (_case, body, pages) => {
    const line = await lineOf(signed(body));
    expect(['Unreadable', 'SignedRefused', 'Received'].map((metric) => counts(metric, line))).toEqual([
      pages,
      0,
      1,
    ]);
  });

  const forged = `t=${seconds},v2=${'ab'.repeat(32)}`;
  test.each<[string, Request]>([
    ['no signature', { body: '{}', headers: {} }],
    ['a forged signature', { body: JSON.stringify(event), headers: { 'x-zavu-signature': forged } }],
    [
      'a forged signature of long ago',
      { body: '{}', headers: { 'x-zavu-signature': forged.replace(`${seconds}`, '1') } },
    ],
    [
      'what v2 signs, under the name of v1',
      {
        body: `${seconds}.${JSON.stringify(event)}`,
        headers: {
          'x-zavu-signature': sign(JSON.stringify(event), secret, 'v2', seconds).replace('v2', 'v1'),
        },
      },
    ],
    ['a tool call', { body: '{}', headers: { 'x-zavu-signature': 'ab'.repeat(32) } }],
    ['too large a body', { body: 'x'.repeat(1_001), headers: {} }],
  ])('does not page, where a stranger can send it: %s', async (_case, request) => {
    const line = await lineOf(request);
    expect(JSON.parse(line)).toMatchObject({ outcome: 'rejected' });
    expect(counts('SignedRefused', line)).toBe(0);
  });

  test('what is taken counts as received', async () => {
    const line = await lineOf(signed(JSON.stringify(event)));
    const metrics = ['Received', 'Verified', 'SignedRefused'];
    expect(metrics.map((metric) => counts(metric, line))).toEqual([1, 1, 0]);
  });
});

describe('a stage at its limit', () => {
  const [[, alarm] = fail()] = resources(template, 'AWS::CloudWatch::Alarm').filter(([id]) =>
    id.startsWith('MonitoringStageThrottled'),
  );
  const [{ Expression = '' } = {}, ...watched] = alarm.Properties.Metrics as {
    Expression?: string;
    MetricStat?: { Metric: { MetricName: string }; Period: number };
  }[];
  const calculate = parseMetricMath(Expression);
  /** What the alarm compares with 1, of a minute in which so many requests were counted and so many lines say 429. */
  const watchedValue = (requests: number | undefined, throttled: number | undefined) => {
    const series = { requests: [requests], throttled: [throttled] };
    return calculate({
      byId: (id) => series[id as keyof typeof series],
      metrics: Object.values(series),
      periods: 1,
      periodSeconds: 60,
      endSeconds: 60,
    })[0];
  };
  const perMinute = 500 * 60;

  test('is watched by what API Gateway refused, and by what it let in, minute by minute', () => {
    expect(watched.map(({ MetricStat }) => MetricStat?.Metric.MetricName)).toEqual([
      'StageThrottled',
      'Count',
    ]);
    expect(watched.map(({ MetricStat }) => MetricStat?.Period)).toEqual([60, 60]);
    expect(alarm.Properties.Threshold).toBe(1);
  });

  test.each([
    ['one 429', 100, 1, true],
    ['a flood of whose 429s API Gateway says nothing', perMinute, 0, true],
    ['the same, without any line', perMinute, undefined, true],
    ['three quarters of the rate', 0.75 * perMinute, 0, false],
    ['quiet', undefined, undefined, false],
  ])('%s', (_case, requests, throttled, fires) => {
    expect((watchedValue(requests, throttled) ?? 0) >= 1).toBe(fires);
  });
});

describe('the access log', () => {
  const [[, stage] = fail()] = resources(template, 'AWS::ApiGatewayV2::Stage');
  const { Format } = stage.Properties.AccessLogSettings as { Format: string };
  const text = 'Lambda said: "no" \\ and {ended}';
  /** A line as API Gateway writes it: values as they are, and a hyphen where there is none. */
  const line = (values: Record<string, string>) =>
    Format.replace(/\$context\.([\w.]+)/g, (_variable, name: string) => values[name] ?? '-');

  test('tells of what the stage refused by itself', () => {
    const throttled = line({ requestId: 'req_1', status: '429', 'error.responseType': 'THROTTLED' });
    expect(counts('StageThrottled', throttled)).toBe(1);
    expect(counts('StageThrottled', line({ requestId: 'req_1', status: '200' }))).toBe(0);
  });

  test.each(['404', '500', '503'])('a message with quotes breaks no line: %s', (status) => {
    const values = {
      status,
      'error.message': text,
      'error.messageString': JSON.stringify(text),
      'integration.error': text,
      integrationErrorMessage: text,
    };
    expect(JSON.parse(line(values))).toMatchObject({ status, error: '-' });
  });
});

test('every text about what is lost says when, and its alarm has fired by then', () => {
  const told = resources(template, 'AWS::CloudWatch::Alarm').filter(([, { Properties }]) =>
    textOf(Properties.AlarmDescription).includes('Zavu gives'),
  );
  expect(told.length).toBeGreaterThan(5);
  for (const [id, { Properties }] of told) {
    expect(textOf(Properties.AlarmDescription)).toContain(`after ${shortestLadder.text}`);
    const [first] = JSON.stringify(Properties).match(/(?<="Period":)\d+/) ?? [];
    const watched = Number(first) * Number(Properties.EvaluationPeriods);
    // In a fifth of the ladder, which leaves an hour to act.
    expect([id, watched <= shortestLadder.seconds / 5]).toEqual([id, true]);
  }
});

function fail(): never {
  throw new Error('There is none.');
}
