import type { Assembly } from '../template/assembly.ts';
import { account } from '../template/environment.ts';
import { arn } from '../template/intrinsics.ts';
import type { Resolve } from '../template/resolve.ts';
import { type Document, resourceStatements, type Statement } from './statement.ts';

/**
 * What AWS's services allow by themselves, if a resource has no policy.
 *
 * SNS lets whoever acts for the owner of a topic publish to it, alarms of the same account included. **A topic policy
 * takes the place of that.** The default is what `GetTopicAttributes` shows of a topic that was created without a
 * policy.
 *
 * CloudWatch Logs lets AWS's log delivery write into a group: AWS adds the statement when an access log is configured,
 * with the rights of the person who deploys. It does so even if the group has other policies.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html
 */
export function serviceDefaults(template: Pick<Assembly, 'resources'>, resolve: Resolve): Statement[] {
  const resources = Object.entries(template.resources);
  const withPolicy = resources.flatMap(([, { Type, Properties }]) =>
    Type === 'AWS::SNS::TopicPolicy' ? (resolve(Properties.Topics) as string[]) : [],
  );
  return resources
    .flatMap(([id, { Type }]) => {
      if (Type === 'AWS::SNS::Topic') {
        const topic = String(resolve({ Ref: id }));
        return withPolicy.includes(topic) ? [] : resourceStatements(topicDefault(topic), [topic], topic);
      }
      return Type === 'AWS::Logs::LogGroup' ? logDelivery(String(resolve({ Ref: id }))) : [];
    })
    .map((statement) => ({ ...statement, isOfAws: true }));
}

/** The policy of a topic that was given none. */
export function topicDefault(topic: string): Document {
  const statement = {
    Effect: 'Allow' as const,
    Principal: { AWS: '*' },
    Action: ['sns:Publish', 'sns:Subscribe', 'sns:GetTopicAttributes', 'sns:ListSubscriptionsByTopic'],
    Resource: topic,
    Condition: { StringEquals: { 'aws:SourceOwner': account } },
  };
  return { Statement: statement };
}

function logDelivery(logGroup: string): Statement[] {
  const streams = arn('logs', `log-group:${logGroup}:log-stream:*`);
  const statement = {
    Effect: 'Allow' as const,
    Principal: { Service: 'delivery.logs.amazonaws.com' },
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: streams,
    Condition: {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: { 'aws:SourceArn': arn('logs', '*') },
    },
  };
  return resourceStatements({ Statement: statement }, [streams], logGroup);
}
