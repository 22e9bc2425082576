import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type IPolicyValidationPlugin, Stage, Validations } from 'aws-cdk-lib';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { createStack } from '../support/template.ts';

// The setup of the tests spares every other synthesis these rules.
delete process.env.CDK_VALIDATION;

interface Report {
  pluginName: string;
  violations: unknown[];
  suppressedViolations?: { acknowledgedAt: string; acknowledgedId: string; violatingConstructs: unknown[] }[];
}

/**
 * What CDK, and these packs, say of a construct's app.
 *
 * @throws Error with the report where a rule refuses the template
 */
function judge(scope: IConstruct, ...packs: IPolicyValidationPlugin[]): Report[] {
  const app = Stage.of(scope);
  if (!app) throw new Error('Not within an app.');
  Validations.of(app).addPlugins(...packs);
  const { directory } = app.synth();
  return JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8')).pluginReports;
}

/** Where a rule is acknowledged, and which. */
function acknowledgements(scope: IConstruct): string[] {
  return scope.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.keys(data))
      .map((rule) => `${node.path} ${rule}`),
  );
}

describe.each([
  { stage: 'dev' },
  { stage: 'prod', alarmEmail: 'oncall@example.com' },
  { stage: 'prod', eventBus: 'true' },
  { stage: 'prod', archive: 'true' },
  { stage: 'prod', gradualDeployment: 'true' },
  { stage: 'prod', canary: 'true', reconcile: 'true' },
  { stage: 'prod', tracing: 'true' },
  { stage: 'prod', messagesTable: 'false', acceptedSignatures: 'v2' },
  // All that may be added, at once.
  {
    stage: 'prod',
    noTrafficAlarmHours: '6',
    eventBus: 'true',
    archive: 'true',
    archiveRetentionDays: '30',
    retainData: 'true',
    gradualDeployment: 'true',
    canary: 'true',
    reconcile: 'true',
    alarmTopicArn: 'arn:aws:sns:us-east-1:123456789012:alarms',
    pagingTopicArn: 'arn:aws:sns:us-east-1:123456789012:pager',
  },
])('the template with %j', (settings) => {
  const stack = createStack(settings);
  const reports = judge(stack, new AwsSolutionsChecks(), new ServerlessChecks());

  test('no rule finds anything, not even to warn', () => {
    expect(reports.map(({ pluginName }) => pluginName)).toEqual(
      expect.arrayContaining(['AwsSolutions', 'Serverless']),
    );
    expect(reports.flatMap(({ violations }) => violations)).toEqual([]);
  });

  test('every acknowledgement excuses something, and one resource only', () => {
    const excused = reports
      .flatMap(({ suppressedViolations = [] }) => suppressedViolations)
      .flatMap(({ acknowledgedAt, acknowledgedId, violatingConstructs }) =>
        violatingConstructs.map(() => `${acknowledgedAt} ${acknowledgedId}`),
      );
    expect(excused.sort()).toEqual(acknowledgements(stack).sort());
  });
});

test.each([
  ['AwsSolutions-SQS4', {}, [new AwsSolutionsChecks()]],
  ['Serverless-SQSRedrivePolicy', {}, [new ServerlessChecks()]],
  // CDK's own rules, which only warn without the feature flag in cdk.json.
  ['CloudFormation-Validate::F3034', { MessageRetentionPeriod: 5 }, []],
  ['CloudFormation-Validate::F3002', { MessageRetention: 86_400 }, []],
])('%s refuses a queue with %j', (rule, properties, packs) => {
  const stack = createStack();
  new CfnQueue(stack, 'Refused').addOverride('Properties', properties);
  expect(() => judge(stack, ...packs)).toThrow(rule);
});
