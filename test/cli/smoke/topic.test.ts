import { SNSClient } from '@aws-sdk/client-sns';
import type { DeployedAlarm } from '../../../cli/smoke/alarms.ts';
import { checkTopic } from '../../../cli/smoke/topic.ts';
import { type Emulator, listen } from '../../../local/aws/emulator.ts';
import { createSnsApi } from '../../../local/aws/sns/api.ts';
import { anyCredentials } from '../../support/credentials.ts';

const topic = 'arn:aws:sns:eu-west-1:123456789012:alarms';
const alarm: DeployedAlarm = {
  name: 'Any',
  arn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:Any',
  state: 'OK',
  topics: [topic],
  rule: '',
};
const allow = {
  Effect: 'Allow',
  Principal: { Service: 'cloudwatch.amazonaws.com' },
  Action: 'sns:Publish',
  Resource: topic,
  Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
};
const deny = {
  Effect: 'Deny',
  Principal: '*',
  Action: 'sns:Publish',
  Resource: topic,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
/** SNS's default, as GetTopicAttributes shows it. */
const ofAws = {
  Sid: '__default_statement_ID',
  Effect: 'Allow',
  Principal: { AWS: '*' },
  Action: ['SNS:GetTopicAttributes', 'SNS:Publish', 'SNS:Subscribe'],
  Resource: topic,
  Condition: { StringEquals: { 'AWS:SourceOwner': '123456789012' } },
};
const policy = (...statements: object[]) => ({
  Policy: JSON.stringify({ Version: '2008-10-17', Id: '__default_policy_ID', Statement: statements }),
});
const read = { SubscriptionsConfirmed: '1', SubscriptionsPending: '0' };

let attributes: Record<string, string>;
let api: Emulator;
let sns: SNSClient;

beforeAll(async () => {
  api = await listen(createSnsApi(() => ({ attributes: () => attributes })));
  sns = new SNSClient({ region: 'eu-west-1', endpoint: api.endpoint, credentials: anyCredentials });
});
afterAll(async () => {
  sns.destroy();
  await api.stop();
});

test.each<[string, Record<string, string>, string, string]>([
  ['its policy allows', { ...policy(allow, deny), ...read }, 'ok', 'alarms that may publish: 1'],
  ["SNS's default allows", { ...policy(ofAws), ...read }, 'ok', 'subscriptions: 1'],
  [
    'its policy holds one Deny and nothing else',
    { ...policy(deny), ...read },
    'failed',
    'does not let Any publish',
  ],
  [
    'it allows another account',
    {
      ...policy({ ...allow, Condition: { StringEquals: { 'aws:SourceAccount': '000000000001' } } }),
      ...read,
    },
    'failed',
    'does not let Any publish',
  ],
  [
    'its policy has a condition that is not known',
    { ...policy({ ...allow, Condition: { DateLessThan: { 'aws:CurrentTime': '2030' } } }), ...read },
    'unproven',
    'DateLessThan',
  ],
  [
    "AWS's own key encrypts it",
    { ...policy(allow), ...read, KmsMasterKeyId: 'alias/aws/sns' },
    'failed',
    'alias/aws/sns',
  ],
  [
    'a key of yours encrypts it',
    { ...policy(allow), ...read, KmsMasterKeyId: 'alias/mine' },
    'unproven',
    'kms:Decrypt',
  ],
  [
    'nobody has confirmed',
    { ...policy(allow), SubscriptionsConfirmed: '0', SubscriptionsPending: '1' },
    'failed',
    'Nobody reads it',
  ],
])('%s', async (_case, given, result, detail) => {
  attributes = given;
  expect(await checkTopic(sns, topic, [alarm])).toMatchObject({
    name: 'topic alarms',
    result,
    detail: expect.stringContaining(detail),
  });
});
