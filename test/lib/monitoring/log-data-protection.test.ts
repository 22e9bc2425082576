import { Template } from 'aws-cdk-lib/assertions';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { workerNames } from '../../../lambda/routing/routes.ts';
import { parseJson } from '../../../lambda/shared/json.ts';
import { sign } from '../../../lambda/zavu/sign.ts';
import { watchLogFindings } from '../../../lib/monitoring/log-data-protection.ts';
import { Monitoring } from '../../../lib/monitoring/monitoring.ts';
import { readSettings } from '../../../lib/settings/settings.ts';
import { parseFilterPattern } from '../../../local/aws/cloudwatch/filter-pattern.ts';
import * as lambdaLines from '../../../local/runtime/functions/platform-lines.ts';
import { everySetting } from '../../cfn-lint/every-setting.ts';
import { createStack, type Resource, resources, synthesize, target, textOf } from '../../support/template.ts';

interface Policy {
  Configuration: { CustomDataIdentifier: { Name: string; Regex: string }[] };
  Statement: { DataIdentifier: unknown[]; Operation: object }[];
}

const template = synthesize({ logDataProtection: 'true', canary: 'true' });
const groups = new Map(resources(template, 'AWS::Logs::LogGroup'));
const policyOf = (group: Resource | undefined) =>
  group?.Properties.DataProtectionPolicy as Policy | undefined;
const policies = resources(template, 'AWS::Lambda::Function').map(([, { Properties }]) => {
  const { LogGroup } = Properties.LoggingConfig as { LogGroup: unknown };
  return policyOf(groups.get(target(LogGroup) ?? ''));
});
const [policy] = policies;
const regexes = (policy?.Configuration.CustomDataIdentifier ?? []).map(({ Regex }) => Regex);

test('every function’s logs are masked, and their findings go nowhere', () => {
  expect(policies).toHaveLength(workerNames.length + 2);
  for (const each of policies) {
    expect(each?.Statement.map(({ Operation }) => Operation)).toEqual([
      { Audit: { FindingsDestination: {} } },
      { Deidentify: { MaskConfig: {} } },
    ]);
  }
});

test('what is sought is known to AWS, or is a pattern that it takes', () => {
  const identifiers = policy?.Statement[0]?.DataIdentifier.map(textOf) ?? [];
  const arn = 'arn:<AWS::Partition>:dataprotection::aws:data-identifier/';
  expect(identifiers).toEqual(
    expect.arrayContaining(['EmailAddress', 'AwsSecretKey', 'PhoneNumber-US'].map((name) => arn + name)),
  );
  for (const { Name, Regex } of policy?.Configuration.CustomDataIdentifier ?? []) {
    expect(identifiers).toContain(Name);
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL-custom-data-identifiers.html
    expect(Regex).toMatch(/^[\w#=@/;, ^$?[\]{}|\\*+.-]{1,200}$/);
  }
  expect(policy?.Configuration.CustomDataIdentifier.length).toBeLessThanOrEqual(10);
});

const signature = '0a'.repeat(32);

test.each([
  ['a secret', 'whsec_test_9f3a2b1c', 'whsec_test_9f3a2b1c'],
  ['a signature by sha256', sign('{}', 'whsec_1', 'sha256', 1), /^=[0-9a-f]{64}$/],
  ['a signature by v1', sign('{}', 'whsec_1', 'v1', 1), /^=[0-9a-f]{64}$/],
  ['a signature in JSON', JSON.stringify({ signature }), `"${signature}`],
  ['a signature in prose', `signature: ${signature}`, ` ${signature}`],
  ['a telephone number', '{"from":"+56912345678","to":""}', /\+56912345678/],
])('%s is found', (_what, line, found) => {
  const matches = regexes.flatMap((regex) => line.match(new RegExp(regex, 'g')) ?? []);
  expect(matches).toEqual([expect.stringMatching(found)]);
});

test.each([
  '{"level":"INFO","timestamp":"2026-11-01T00:00:00.000Z","message":"webhook","outcome":"queued","id":"evt_1705312215000_mno345","scheme":"v2","ms":12,"trace":"1-5759e988-bd862e3fe1be46a994272793"}',
  // The id of an event that has none of its own, and what a handler's claim is made of.
  `{"level":"INFO","message":"webhook","outcome":"unrouted","reason":"unreadable","id":"sha256:${signature}"}`,
  'REPORT RequestId: 8f507cfc-xmpl-4697-b07a-ac58fc914c95	Duration: 12.34 ms	Billed Duration: 13 ms',
  '    at handler (file:///var/task/index.mjs:12:3456)',
])('a line of ours is left alone: %s', (line) => {
  for (const regex of regexes) expect(line).not.toMatch(new RegExp(regex));
});

describe("Lambda's own lines", () => {
  const requestId = '8f507cfc-xmpl-4697-b07a-ac58fc914c95';
  const at = new Date();
  const thrown = {
    errorType: 'Error',
    errorMessage: 'any',
    stack: ['Error: any', '    at file:///var/task/x'],
  };
  const failure = { status: 'error', errorType: 'Runtime.ExitError' } as const;
  const trace = { traceId: '1-5759e988-bd862e3fe1be46a994272793', segmentId: '53995c3f42cd8ad8' };
  const invoked = { requestId, durationMs: 12.34, memoryMb: 256, maxMemoryMb: 97, initMs: 333, failure };
  /** Each that the local run can write, in its fullest form. */
  const written: Record<keyof typeof lambdaLines, string> = {
    initStart: lambdaLines.initStart(),
    initReport: lambdaLines.initReport(9999.47, failure),
    start: lambdaLines.start(requestId),
    end: lambdaLines.end(requestId),
    report: lambdaLines.report({ ...invoked, trace }),
    taskTimedOut: lambdaLines.taskTimedOut(at, requestId, 3),
    runtimeExited: lambdaLines.runtimeExited(requestId, 'signal: killed'),
    invokeError: lambdaLines.invokeError(at, requestId, thrown),
    uncaughtException: lambdaLines.uncaughtException(at, thrown),
  };

  const patterns = resources(synthesize(everySetting), 'AWS::Logs::MetricFilter').map(([, { Properties }]) =>
    String(Properties.FilterPattern),
  );

  test('are all here', () => {
    expect(Object.keys(written).sort()).toEqual(Object.keys(lambdaLines).sort());
  });

  test.each(Object.entries(written))('%s is masked by nothing', (_name, line) => {
    for (const regex of regexes) expect(line).not.toMatch(new RegExp(regex));
    // AWS's own identifiers need an address's @, or a word near by that says what the digits or letters are.
    expect(line).not.toMatch(/@|phone|mobile|cell|contact|call|fax|tel|secret|access.?key/i);
  });

  test.each(Object.entries(written))('%s is counted by no metric filter', (_name, line) => {
    expect(patterns.length).toBeGreaterThan(10);
    for (const pattern of patterns) {
      expect([pattern, parseFilterPattern(pattern)(parseJson(line))]).toEqual([pattern, false]);
    }
  });
});

test('a finding in any of them rings', () => {
  const [[, alarm] = []] = resources(template, 'AWS::CloudWatch::Alarm').filter(([id]) =>
    id.startsWith('MonitoringConfidentialLogs'),
  );
  const watched = JSON.stringify(alarm?.Properties.Metrics);
  expect(watched.match(/"MetricName":"LogEventsWithFindings"/g)).toHaveLength(workerNames.length + 2);
  expect(alarm?.Properties).toMatchObject({ Threshold: 1, EvaluationPeriods: 1 });
});

test('more log groups than an alarm takes metrics have several alarms, and none is left out', () => {
  const stack = createStack();
  const groups = Array.from({ length: 21 }, (_, index) => new LogGroup(stack, `Group${index}`));
  watchLogFindings(new Monitoring(stack, 'Another', readSettings(stack.node)), groups);
  const watched = resources(Template.fromStack(stack), 'AWS::CloudWatch::Alarm')
    .filter(([id]) => id.startsWith('AnotherConfidentialLogs'))
    .map(([, { Properties }]) => JSON.stringify(Properties.Metrics).match(/"Ref":"Group\d+/g) ?? []);
  expect(watched.map(({ length }) => length)).toEqual([10, 10, 1]);
  expect(new Set(watched.flat()).size).toBe(groups.length);
});

test('nothing of it is there unless it is asked for', () => {
  const json = JSON.stringify(synthesize().toJSON());
  expect(json).not.toMatch(/DataProtectionPolicy|LogEventsWithFindings/);
});
