import { GetTopicAttributesCommand, type SNSClient } from '@aws-sdk/client-sns';
import { Iam } from '../../local/aws/iam/iam.ts';
import type { DeployedAlarm } from './alarms.ts';
import { type Check, check } from './check.ts';

/** AWS's own key for SNS. Its policy cannot be changed, and it does not let CloudWatch use it. */
const awsOwnKey = 'alias/aws/sns';

/**
 * Checks whether a topic takes what alarms publish, and whether somebody reads it.
 *
 * @param alarms of which some notify the topic
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export function checkTopic(
  sns: SNSClient,
  topicArn: string,
  alarms: readonly DeployedAlarm[],
): Promise<Check> {
  const name = `topic ${topicArn.split(':').at(-1)}`;
  return check(name, async () => {
    const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
    const telling = alarms.filter(({ topics }) => topics.includes(topicArn));
    const judged = judge(Attributes.Policy, topicArn, telling);
    if (judged) return judged;
    const key = Attributes.KmsMasterKeyId;
    if (key?.endsWith(awsOwnKey)) {
      const detail = `It is encrypted with ${awsOwnKey}, with which CloudWatch cannot publish. Encrypt it with a key of yours whose policy allows cloudwatch.amazonaws.com, or not at all.`;
      return { result: 'failed', detail };
    }
    const readers = `subscriptions: ${Attributes.SubscriptionsConfirmed ?? 0}, not confirmed yet: ${Attributes.SubscriptionsPending ?? 0}`;
    if (!(Number(Attributes.SubscriptionsConfirmed) > 0)) {
      const detail = `Nobody reads it: ${readers}. Confirm the subscription in the e-mail, or set alarmEmail.`;
      return { result: 'failed', detail };
    }
    if (key) {
      const detail = `${readers}. It is encrypted with ${key}: the key's policy must allow cloudwatch.amazonaws.com kms:Decrypt and kms:GenerateDataKey*.`;
      return { result: 'unproven', detail };
    }
    return { result: 'ok', detail: `alarms that may publish: ${telling.length}; ${readers}` };
  });
}

/**
 * Judges a topic's policy. Undefined where it lets every alarm publish; `unproven` where it has an element that is not
 * known here.
 */
function judge(
  policy: string | undefined,
  topicArn: string,
  alarms: readonly DeployedAlarm[],
): Omit<Check, 'name'> | undefined {
  const Properties = { PolicyDocument: JSON.parse(policy ?? '{"Statement":[]}'), Topics: [topicArn] };
  let iam: Iam;
  try {
    iam = new Iam({ resources: { Policy: { Type: 'AWS::SNS::TopicPolicy', Properties } } }, (value) => value);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      result: 'unproven',
      detail: `Its policy cannot be judged here. ${why} Let an alarm fire to prove it.`,
    };
  }
  const refused = alarms.find(({ arn }) => {
    const [, , , , account = ''] = arn.split(':');
    const context = {
      'aws:SourceAccount': account,
      'aws:SourceOwner': account,
      'aws:SourceArn': arn,
      'aws:SecureTransport': 'true',
    };
    const call = {
      principal: 'cloudwatch.amazonaws.com',
      action: 'sns:Publish',
      resource: topicArn,
      context,
    };
    return !iam.decide(call).allowed;
  });
  if (!refused) return undefined;
  const detail = `Its policy does not let ${refused.name} publish. Allow cloudwatch.amazonaws.com sns:Publish, if aws:SourceAccount is ${refused.arn.split(':')[4]}.`;
  return { result: 'failed', detail };
}
