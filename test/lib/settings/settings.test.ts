import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { longestLadder } from '../../../lambda/zavu/delivery.ts';
import { readSettings } from '../../../lib/settings/settings.ts';

const { context: cdkContext } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../cdk.json'), 'utf8'),
);
const read = (context: Record<string, unknown>) => readSettings(new App({ context }).node);

test('every default is deployable as it is', () => {
  expect(read({})).toMatchObject({
    stage: 'dev',
    acceptedSignatures: ['sha256', 'v1', 'v2'],
    toleranceSeconds: 300,
    futureToleranceSeconds: 60,
    retryDelaysSeconds: [60, 300, 1800, 7200],
    retainData: false,
  });
  expect(read({ stage: 'prod' })).toMatchObject({ retainData: true, logRetentionDays: 90 });
});

test('-c overrides cdk.json, which overrides the stage', () => {
  const zavu = { logRetentionDays: 7, throttleRate: 20 };
  expect(read({ stage: 'prod', zavu })).toMatchObject({ logRetentionDays: 7, throttleRate: 20 });
  expect(read({ stage: 'prod', zavu, throttleRate: '30' })).toMatchObject({ throttleRate: 30 });
});

test('reads lists and switches as -c gives them', () => {
  expect(
    read({ acceptedSignatures: 'v1, v2', retryDelaysSeconds: '1,2', retainData: 'false', stage: 'prod' }),
  ).toMatchObject({ acceptedSignatures: ['v1', 'v2'], retryDelaysSeconds: [1, 2], retainData: false });
});

test.each([
  [{ stage: 'prd' }, 'Unknown stage "prd"'],
  [{ throttleRate: '-1' }, 'throttleRate'],
  [{ throttleRate: 'many' }, 'throttleRate'],
  [{ workerMaxConcurrency: 1 }, 'workerMaxConcurrency'],
  [{ workerTimeoutSeconds: 0 }, 'workerTimeoutSeconds'],
  [{ retryDelaysSeconds: '60,-1' }, 'retryDelaysSeconds.1'],
  [{ retryDelaysSeconds: '50000' }, 'retryDelaysSeconds.0'],
  [{ acceptedSignatures: 'v3' }, 'acceptedSignatures.0'],
  [{ acceptedSignatures: '' }, 'acceptedSignatures'],
  [{ alarmEmail: 'nobody' }, 'alarmEmail'],
  [{ logRetentionDays: 31 }, 'logRetentionDays'],
  [{ retainData: 'perhaps' }, 'retainData'],
  [{ maxEventAgeSeconds: 21_599 }, 'less than 21600 would refuse its retries, and lose events'],
  [{ receiverMemoryMb: 511 }, 'from 512 to 10240, not 511: the largest request'],
  [{ workerMemoryMb: '255' }, 'from 256 to 10240, not 255: one event of 4 MB'],
  [{ zavu: { throtleRate: 3 } }, 'zavu: there is no setting throtleRate'],
  [{ zavu: { throtleRate: 3, archiv: true } }, 'zavu: there is no setting throtleRate or archiv'],
  [{ workerTimeoutSeconds: '1000' }, 'workerTimeoutSeconds: must be a whole number from 1 to 900, not 1000'],
  [{ workerTimeoutSeconds: '1.5' }, 'workerTimeoutSeconds: must be a whole number from 1 to 900, not 1.5'],
  [{ throttleRate: 'many' }, 'throttleRate: must be a whole number from 1 to 10000, not many'],
  [{ throttleRate: '' }, 'throttleRate: must be a whole number from 1 to 10000, not '],
])('%j names the setting: %s', (context, name) => {
  expect(() => read(context)).toThrow(name);
});

test('an address beside a topic of yours is refused: the stack subscribes nobody to a topic that it does not own', () => {
  const alarmTopicArn = 'arn:aws:sns:eu-west-1:123456789012:ops';
  const both = () => read({ alarmEmail: 'oncall@example.com', alarmTopicArn });
  expect(both).toThrow('alarmEmail: set alarmEmail or alarmTopicArn, not both.');
  expect(read({ alarmTopicArn })).toMatchObject({ alarmTopicArn });
  expect(read({ alarmEmail: 'oncall@example.com' })).toMatchObject({ alarmEmail: 'oncall@example.com' });
});

test.each([
  ['alarmMail', 'alarmEmail'],
  ['alarmemail', 'alarmEmail'],
  ['alarm-email', 'alarmEmail'],
  ['RETAIN_DATA', 'retainData'],
  ['throtleRate', 'throttleRate'],
  ['workerTimeoutSecond', 'workerTimeoutSeconds'],
  ['queueRetentionDay', 'queueRetentionDays'],
  ['archiv', 'archive'],
  ['stages', 'stage'],
])('-c %s=… is refused, and the nearest setting is named: %s', (name, nearest) => {
  expect(() => read({ [name]: 'a@example.com' })).toThrow(
    `${name}: there is no such setting. Did you mean ${nearest}?`,
  );
});

test("what CDK or an app around the stack keeps in the context is nobody's setting", () => {
  const foreign = [
    ...Object.keys(cdkContext),
    'availability-zones:account=123456789012:region=eu-west-1',
    'aws:cdk:enable-path-metadata',
    'aws:cdk:bundling-stacks',
    'cli-telemetry',
    'acknowledged-issue-numbers',
    'ledger',
    'environment',
    'account',
    'region',
    'domainName',
    'vpcId',
    'queue',
    'binary',
  ];
  expect(read(Object.fromEntries(foreign.map((name) => [name, 'any'])))).toEqual(read({}));
});

test('zavu as text is refused with what to do', () => {
  expect(() => read({ zavu: '{"archive":true}' })).toThrow('set each setting by its name with -c name=value');
});

test('all problems come at once, with how to set them', () => {
  const wrong = () => read({ throttleRate: 0, toleranceSeconds: 0 });
  expect(wrong).toThrow(/throttleRate.*\n.*toleranceSeconds|toleranceSeconds.*\n.*throttleRate/);
  expect(wrong).toThrow('-c name=value');
});

test("the least age of an event outlives Zavu's last retry", () => {
  expect(() => read({ maxEventAgeSeconds: longestLadder.seconds })).toThrow('maxEventAgeSeconds');
  expect(read({ maxEventAgeSeconds: 21_600 })).toMatchObject({ maxEventAgeSeconds: 21_600 });
  expect(read({}).maxEventAgeSeconds).toBeUndefined();
});
