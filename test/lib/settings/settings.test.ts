import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { longestLadder } from '../../../lambda/zavu/delivery.ts';
import { settingsSchema } from '../../../lib/settings/schema.ts';
import { completeSettings, readSettings, type SettingsProps } from '../../../lib/settings/settings.ts';

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
    retainData: true,
    logRetentionDays: 90,
  });
});

test('settings in code are completed by the same defaults, and a stage among them is none of them', () => {
  const { stage, ...settings } = read({});
  expect(completeSettings({})).toEqual(settings);
  expect(completeSettings({ ...settings, stage })).toEqual(settings);
  expect(completeSettings({ throttleRate: 20 })).toEqual({ ...settings, throttleRate: 20 });
});

test('-c overrides the stage in cdk.json, which overrides what cdk.json says for all', () => {
  const zavu = {
    ...{ logRetentionDays: 7, throttleRate: 20 },
    stages: { prod: { logRetentionDays: 14 }, 'pr-42': { retainData: false } },
  };
  const ofAll = { logRetentionDays: 7, throttleRate: 20, retainData: true };
  expect(read({ zavu })).toMatchObject({ ...ofAll, stage: 'dev' });
  expect(read({ zavu, stage: 'prod' })).toMatchObject({ ...ofAll, logRetentionDays: 14, stage: 'prod' });
  expect(read({ zavu, stage: 'pr-42' })).toMatchObject({ ...ofAll, retainData: false, stage: 'pr-42' });
  expect(read({ zavu, stage: 'prod', throttleRate: '30', logRetentionDays: '30' })).toMatchObject({
    throttleRate: 30,
    logRetentionDays: 30,
  });
});

test('none takes back what cdk.json says, for all or for a stage (report 30)', () => {
  const zavu = { alarmEmail: 'a@example.com', archive: true, stages: { prod: { archive: 'none' } } };
  expect(read({ zavu })).toMatchObject({ archive: true, alarmEmail: 'a@example.com' });
  expect(read({ zavu, alarmEmail: 'none', archive: 'none' })).toEqual(read({}));
  expect(read({ zavu, stage: 'prod' })).toMatchObject({ archive: false, alarmEmail: 'a@example.com' });
});

test.each(['staging', 'pr-42', '2', 'Prod', 'x'.repeat(40)])('%s names a stage', (stage) => {
  expect(read({ stage })).toEqual({ ...read({}), stage });
});

test.each(['', '-x', 'a b', 'a_b', 'a/b', 'é', 'x'.repeat(41), '__proto__', 7])(
  '%j names no stage, and it is said what does',
  (stage) => {
    expect(() => read({ stage })).toThrow(
      `-c stage=${stage} cannot name a stage: its name has 1 to 40 letters, digits and hyphens, a letter or digit first.`,
    );
  },
);

test.each(['constructor', 'toString', 'hasOwnProperty'])('a stage called %s has the defaults', (stage) => {
  expect(read({ stage, zavu: { stages: {} } })).toEqual({ ...read({}), stage });
});

test('reads lists and switches as -c gives them', () => {
  expect(
    read({ acceptedSignatures: 'v1, v2', retryDelaysSeconds: '1,2', retainData: 'false', stage: 'prod' }),
  ).toMatchObject({ acceptedSignatures: ['v1', 'v2'], retryDelaysSeconds: [1, 2], retainData: false });
});

test.each([
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
  [{ zavu: { throtleRate: 3 } }, 'zavu: there is no setting throtleRate. Did you mean throttleRate?'],
  [
    { zavu: { throtleRate: 3, archve: true } },
    'zavu: there is no setting throtleRate or archve. Did you mean throttleRate or archive?',
  ],
  [{ zavu: { stages: { dev: { archve: true } } } }, 'there is no setting archve. Did you mean archive?'],
  [{ zavu: { stags: {} } }, 'there is no setting stags. Did you mean stages?'],
  [{ zavu: { colour: 'red' } }, 'zavu: there is no setting colour\n'],
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
  ['archve', 'archive'],
])('report 9: -c %s=… is refused, and the nearest setting is named: %s', (name, nearest) => {
  expect(() => read({ [name]: 'a@example.com' })).toThrow(
    `${name}: there is no such setting. Did you mean ${nearest}? A key of your own passes with a colon in its name, such as app:${name}.`,
  );
  expect(read({ [`app:${name}`]: 'any' })).toEqual(read({}));
});

test.each([
  ['zavu.archive', 'archive'],
  ['zavu.stages.dev.archve', 'archive'],
  ['stages.prod.retainData', 'retainData'],
])('report 9: -c %s=… sets nothing, so it is refused', (name, setting) => {
  expect(() => read({ [name]: 'true' })).toThrow(
    `${name}: -c sets no part of an object. Give the setting by its name alone, such as -c ${setting}=…`,
  );
});

test("what CDK or an app around the stack keeps in the context is nobody's setting", () => {
  const { zavu: _, ...flags } = cdkContext;
  const foreign = [
    ...Object.keys(flags),
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

test("a stage's settings in cdk.json are refused with the same sentences", () => {
  const wrong =
    (stages: unknown, stage = 'prod') =>
    () =>
      read({ stage, zavu: { stages } });
  expect(wrong({ prod: { throtleRate: 3 } })).toThrow(
    'zavu: there is no setting throtleRate. Did you mean throttleRate?',
  );
  expect(wrong({ prod: { throttleRate: 0 } })).toThrow(
    'throttleRate: must be a whole number from 1 to 10000',
  );
  expect(wrong({ prod: { throttleBurst: 3 } })).toThrow('throttleBurst: there is no such setting any more.');
  // Another stage's are read when that stage is deployed.
  expect(wrong({ prod: { throttleRate: 0 } }, 'dev')).not.toThrow();
});

test.each([
  ['zavu', '{"archive":true}'],
  ['zavu', '[]'],
  ['zavu', ['archive']],
  ['zavu', null],
  ['zavu.stages', 'prod'],
  ['zavu.stages.dev', 'archive'],
])('report 30: %s as %j is refused in one sentence, with what to do', (name, value) => {
  const [, stages, stage] = name.split('.');
  const inStages = stage === undefined ? value : { [stage]: value };
  expect(() => read({ zavu: stages === undefined ? value : { stages: inStages } })).toThrow(
    `${name} is no object, and -c cannot give one: set each setting by its name with -c name=value`,
  );
});

test('report 30: none unsets a setting, and what was set below it is not read', () => {
  const zavu = {
    alarmEmail: 'oncall@example.com',
    throttleRate: 20,
    archive: 'not read',
    stages: { prod: { throttleRate: 'none', archive: true, alarmEmail: 'ops@example.com' } },
  };
  const { throttleRate, alarmEmail, archive } = read({});
  expect(read({ zavu, archive: 'none' })).toMatchObject({ throttleRate: 20, archive });
  expect(read({ zavu, stage: 'prod' })).toMatchObject({
    throttleRate,
    archive: true,
    alarmEmail: 'ops@example.com',
  });
  expect(read({ zavu, stage: 'prod', alarmEmail: 'none' }).alarmEmail).toBe(alarmEmail);
  // A topic of yours in place of the address that cdk.json has.
  const alarmTopicArn = 'arn:aws:sns:eu-west-1:123456789012:ops';
  expect(read({ zavu, stage: 'prod', alarmEmail: 'none', alarmTopicArn })).toMatchObject({ alarmTopicArn });
});

test('report 30: every setting can be unset', () => {
  const all = Object.keys(settingsSchema.shape);
  expect(read(Object.fromEntries(all.map((name) => [name, 'none'])))).toEqual(read({}));
});

test('a stage is not unset, and none is not its name', () => {
  expect(() => read({ stage: 'none' })).toThrow(
    '-c stage=none names no stage: leave it out, and the stage is dev.',
  );
});

test('all problems come at once, with how to set them', () => {
  const wrong = () => read({ throttleRate: 0, toleranceSeconds: 0 });
  expect(wrong).toThrow(/throttleRate.*\n.*toleranceSeconds|toleranceSeconds.*\n.*throttleRate/);
  expect(wrong).toThrow('-c name=value');
});

/** What a person may set wrongly in code, too. */
const wrongProps = [
  { throttleRate: -1 },
  { workerTimeoutSeconds: 1_000 },
  { retryDelaysSeconds: [50_000] },
  { acceptedSignatures: ['v3'] },
  { alarmEmail: 'nobody' },
  { logRetentionDays: 31 },
  { throtleRate: 3 },
  { throttleBurst: 3 },
  { alarmEmail: 'oncall@example.com', alarmTopicArn: 'arn:aws:sns:eu-west-1:123456789012:ops' },
  { throttleRate: 0, toleranceSeconds: 0 },
];

test.each(wrongProps)('%j as props is refused with the sentences that it has in cdk.json', (props) => {
  const refusal = (act: () => unknown) => {
    try {
      act();
    } catch (error) {
      return String(error);
    }
    return 'It is not refused.';
  };
  const inCode = refusal(() => completeSettings(props as unknown as SettingsProps));
  expect(inCode).toMatch(
    /^Error: Settings that do not fit:\n( {2}.+\n)+Set them with -c name=value, .*`settings`\.$/,
  );
  expect(inCode).toBe(refusal(() => read({ zavu: props })));
});

test("the least age of an event outlives Zavu's last retry", () => {
  expect(() => read({ maxEventAgeSeconds: longestLadder.seconds })).toThrow('maxEventAgeSeconds');
  expect(read({ maxEventAgeSeconds: 21_600 })).toMatchObject({ maxEventAgeSeconds: 21_600 });
  expect(read({}).maxEventAgeSeconds).toBeUndefined();
});
