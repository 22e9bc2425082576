import { PublishBatchCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Sns } from '../../../../local/aws/sns/sns.ts';
import { arn, createResolver } from '../../../../local/aws/template/intrinsics.ts';
import { ClockedSqs } from '../../../support/clocked-sqs.ts';
import { anyCredentials } from '../../../support/credentials.ts';

const subscription = (queue: string, Properties: object = {}) => ({
  Type: 'AWS::SNS::Subscription',
  Properties: { TopicArn: { Ref: 'Told' }, Protocol: 'sqs', Endpoint: arn('sqs', queue), ...Properties },
});
const resources = {
  Told: { Type: 'AWS::SNS::Topic', Properties: {} },
  Whole: subscription('Whole'),
  Raw: subscription('Raw', { RawMessageDelivery: 'true', FilterPolicy: { kind: ['paid'] } }),
  Closed: subscription('Closed'),
  Mail: subscription('', { Protocol: 'email', Endpoint: 'on-call@example.com' }),
};
const TopicArn = arn('sns', 'Told');

let server: ClockedSqs;
let sqs: SQSClient;
let sns: SNSClient;
const topics = new Sns(resources, createResolver(resources, { queueUrl: String, apiEndpoint: '' }), (call) =>
  call.resource === arn('sqs', 'Closed')
    ? { allowed: false, reason: 'it is closed' }
    : { allowed: true, grant: { principal: '*', action: call.action, resource: call.resource } },
);

beforeAll(async () => {
  server = await ClockedSqs.start();
  const config = { region: 'us-east-1', credentials: anyCredentials, endpoint: server.endpoint };
  sqs = new SQSClient(config);
  sns = new SNSClient(config);
  for (const QueueName of ['Whole', 'Raw', 'Closed']) await sqs.send(new CreateQueueCommand({ QueueName }));
  await server.setTopics(topics.deliveries);
});
afterAll(async () => {
  sqs.destroy();
  sns.destroy();
  await server.stop();
});

/** The bodies that are in a queue, which they leave. */
async function bodiesOf(name: string): Promise<string[]> {
  const QueueUrl = `${server.endpoint}/000000000000/${name}`;
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
  );
  return Messages.map(({ Body = '' }) => Body);
}

test('what is published comes into the queues whose policies let SNS in, as each subscription wants it', async () => {
  const kind = (StringValue: string) => ({ kind: { DataType: 'String', StringValue } });
  await sns.send(new PublishCommand({ TopicArn, Message: 'one', MessageAttributes: kind('paid') }));
  await sns.send(
    new PublishBatchCommand({
      TopicArn,
      PublishBatchRequestEntries: [{ Id: 'a', Message: 'two', MessageAttributes: kind('other') }],
    }),
  );
  const whole = (await bodiesOf('Whole')).map((body) => JSON.parse(body));
  expect(whole).toMatchObject([
    { Type: 'Notification', TopicArn, Message: 'one' },
    { Type: 'Notification', TopicArn, Message: 'two' },
  ]);
  expect(await bodiesOf('Raw')).toEqual(['one']);
  expect(await bodiesOf('Closed')).toEqual([]);
  expect(topics.published(TopicArn)).toEqual({
    delivered: true,
    readers: [arn('sqs', 'Whole'), arn('sqs', 'Raw'), 'on-call@example.com'],
    reason: 'it is closed',
  });
});

test('another deployment has its own topics, and no subscription stays', async () => {
  await server.setTopics(topics.deliveries.map((topic) => ({ ...topic, queues: topic.queues.slice(0, 1) })));
  await sns.send(
    new PublishCommand({
      TopicArn,
      Message: 'three',
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'paid' } },
    }),
  );
  expect(await bodiesOf('Whole')).toHaveLength(1);
  expect(await bodiesOf('Raw')).toEqual([]);
  await server.setTopics([]);
  await expect(sns.send(new PublishCommand({ TopicArn, Message: 'four' }))).rejects.toThrow('does not exist');
});
