import { GetTopicAttributesCommand, type SNSClient } from '@aws-sdk/client-sns';
import { Iam } from '../../local/aws/iam/iam.ts';
import { errorText } from '../shared/error-text.ts';
import type { DeployedAlarm } from './alarms.ts';
import { type Check, check } from './check.ts';

/** AWS's own key for SNS. Its policy cannot be changed, and does not let CloudWatch use the key. */
const awsOwnKey = 'alias/aws/sns';

/**
 * Checks that a topic's policy lets its alarms publish, and that somebody has subscribed to it.
 *
 * @param alarms all alarms of the stack; those that notify this topic count
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
    const notifying = alarms.filter(({ topics }) => topics.includes(topicArn));
    const refusal = judgePolicy(Attributes.Policy, topicArn, notifying);
    if (refusal) return refusal;
    const key = Attributes.KmsMasterKeyId;
    if (key?.endsWith(awsOwnKey)) {
      const detail = `It is encrypted with ${awsOwnKey}, and CloudWatch cannot use that key. Encrypt it with a key of yours whose policy allows cloudwatch.amazonaws.com, or do not encrypt it.`;
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
    return { result: 'ok', detail: `alarms that may publish: ${notifying.length}; ${readers}` };
  });
}

/**
 * Judges a topic's policy.
 *
 * @returns undefined if the policy lets every alarm publish; `unproven` if it has an element that is not known here
 */
function judgePolicy(
  policy: string | undefined,
  topicArn: string,
  alarms: readonly DeployedAlarm[],
): Omit<Check, 'name'> | undefined {
  const Properties = { PolicyDocument: JSON.parse(policy ?? '{"Statement":[]}'), Topics: [topicArn] };
  let iam: Iam;
  try {
    iam = new Iam({ resources: { Policy: { Type: 'AWS::SNS::TopicPolicy', Properties } } }, (value) => value);
  } catch (error) {
    return {
      result: 'unproven',
      detail: `Its policy cannot be judged here. ${errorText(error)} Let an alarm fire to prove it.`,
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
  const detail = `Its policy does not let ${refused.name} publish. Allow cloudwatch.amazonaws.com sns:Publish if aws:SourceAccount is ${refused.arn.split(':')[4]}.`;
  return { result: 'failed', detail };
}
