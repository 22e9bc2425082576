import type { Call } from '../../../../local/aws/iam/call.ts';
import { type Decision, Iam } from '../../../../local/aws/iam/iam.ts';
import { Sns } from '../../../../local/aws/sns/sns.ts';
import type { Resource } from '../../../../local/aws/template/assembly.ts';
import { createResolver } from '../../../../local/aws/template/intrinsics.ts';

const topicArn = 'arn:aws:sns:us-east-1:000000000000:Alarms';
const alarmArn = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:Errors';
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:Pager';
const cloudwatch = 'cloudwatch.amazonaws.com';

const topic = (Properties: Record<string, unknown> = {}): Resource => ({
  Type: 'AWS::SNS::Topic',
  Properties,
});
const policy: Resource = {
  Type: 'AWS::SNS::TopicPolicy',
  Properties: { Topics: [{ Ref: 'Alarms' }], PolicyDocument: { Statement: [] } },
};
const subscription = (Protocol: string, Endpoint: unknown): Resource => ({
  Type: 'AWS::SNS::Subscription',
  Properties: { TopicArn: { Ref: 'Alarms' }, Protocol, Endpoint },
});
const byMail = subscription('email', 'oncall@example.com');

/** Publishes as an alarm does; actions in `refused` are denied. */
function publish(resources: Record<string, Resource>, refused: string[] = [], to = topicArn) {
  const calls: Call[] = [];
  const decide = (call: Call): Decision => {
    calls.push(call);
    const { principal, action, resource } = call;
    return refused.includes(action)
      ? { allowed: false, reason: `${action} is denied` }
      : { allowed: true, grant: { principal, action, resource } };
  };
  const addresses = { queueUrl: (id: string) => `http://127.0.0.1/${id}`, apiEndpoint: 'http://127.0.0.1' };
  const sns = new Sns(resources, createResolver(resources, addresses), decide);
  return { delivery: sns.publish(to, cloudwatch, alarmArn), calls };
}

test('asks the policy of the topic, with what its conditions ask for', () => {
  const { delivery, calls } = publish({ Alarms: topic(), policy, byMail });
  expect(delivery).toEqual({ delivered: true, readers: ['oncall@example.com'] });
  expect(calls).toEqual([
    {
      principal: cloudwatch,
      action: 'sns:Publish',
      resource: topicArn,
      context: {
        'aws:SourceAccount': '000000000000',
        'aws:SourceArn': alarmArn,
        'aws:SourceOwner': '000000000000',
        'aws:SecureTransport': 'true',
      },
    },
  ]);
});

test('what the policy refuses reaches nobody', () => {
  expect(publish({ Alarms: topic(), policy, byMail }, ['sns:Publish']).delivery).toEqual({
    delivered: false,
    reason: 'sns:Publish is denied',
    readers: [],
  });
});

test("a topic without a policy has SNS's default, by which the account's own may publish", () => {
  const by = (resources: Record<string, Resource>) => {
    const resolve = createResolver(resources, { queueUrl: String, apiEndpoint: '' });
    const iam = new Iam({ resources }, resolve);
    return new Sns(resources, resolve, (call) => iam.decide(call)).publish(topicArn, cloudwatch, alarmArn);
  };
  expect(by({ Alarms: topic(), byMail })).toEqual({ delivered: true, readers: ['oncall@example.com'] });
  // Any policy takes the place of the default, even one that allows nothing.
  expect(by({ Alarms: topic(), policy, byMail })).toMatchObject({ delivered: false, readers: [] });
});

test('of a topic that is not in the template nothing is known', () => {
  const own = 'arn:aws:sns:us-east-1:111111111111:pager';
  expect(publish({ Alarms: topic() }, [], own).delivery).toEqual({
    delivered: 'unknown',
    reason: 'a topic of your own: its policy is not known here',
    readers: [],
  });
});

test.each([
  ["AWS's own key", 'alias/aws/sns', false],
  ['a key of your own', 'alias/ours', 'unknown'],
])('with %s: delivered is %s %s', (_case, KmsMasterKeyId, delivered) => {
  const { delivery } = publish({ Alarms: topic({ KmsMasterKeyId }), byMail });
  expect(delivery).toMatchObject({ delivered, readers: [], reason: expect.stringContaining('key') });
});

test('says that nobody reads a topic without subscriptions', () => {
  expect(publish({ Alarms: topic(), policy }).delivery).toEqual({
    delivered: true,
    reason: 'the topic has no subscription',
    readers: [],
  });
});

test('lists subscriptions that are written in the topic', () => {
  const Subscription = [{ Protocol: 'email', Endpoint: 'night@example.com' }];
  expect(publish({ Alarms: topic({ Subscription }), byMail }).delivery.readers).toEqual([
    'night@example.com',
    'oncall@example.com',
  ]);
});

test('a queue reads only what SNS may send to it', () => {
  const resources = { Alarms: topic(), byMail, byQueue: subscription('sqs', queueArn) };
  expect(publish(resources).delivery.readers).toEqual(['oncall@example.com', queueArn]);
  expect(publish(resources).calls).toMatchObject([
    { principal: cloudwatch, action: 'sns:Publish' },
    { principal: 'sns.amazonaws.com', action: 'sqs:SendMessage', context: { 'aws:SourceArn': topicArn } },
  ]);
  expect(publish(resources, ['sqs:SendMessage']).delivery).toEqual({
    delivered: true,
    reason: 'sqs:SendMessage is denied',
    readers: ['oncall@example.com'],
  });
});

test('refuses a property that it does not know, and names its resource', () => {
  const redriven = { ...byMail, Properties: { ...byMail.Properties, RedrivePolicy: {} } };
  expect(() => publish({ Alarms: topic(), redriven })).toThrow(/^redriven of the template: .*RedrivePolicy/s);
});
