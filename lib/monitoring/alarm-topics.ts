import { Arn, ArnFormat, Aws, Stack, Token, Validations } from 'aws-cdk-lib';
import type { AlarmBase } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { settingsOf } from '../settings/scope.ts';

/**
 * `page`: events are lost within hours unless somebody acts. `notice`: nothing is lost for days, and the next morning
 * is soon enough; also for what a stranger can cause alone.
 */
export type Urgency = 'page' | 'notice';

/**
 * Whom alarms tell: people by one topic, and a pager by another if the settings name one. Why so:
 * docs/decisions/0023.
 */
export class AlarmTopics {
  readonly #people: ITopic;
  readonly #pager: ITopic | undefined;

  /**
   * @param scope of the topics, whose ids never change: another id is another topic, to which nobody is subscribed
   * @throws Error naming the setting whose topic is in another region than the stack, if the stack's is known
   */
  constructor(scope: Construct) {
    const { alarmTopicArn, alarmEmail, pagingTopicArn } = settingsOf(scope);
    refuseOtherRegion(scope, { alarmTopicArn, pagingTopicArn });
    this.#people = alarmTopicArn
      ? Topic.fromTopicArn(scope, 'Alarms', alarmTopicArn)
      : ownTopic(scope, alarmEmail);
    this.#pager = pagingTopicArn ? Topic.fromTopicArn(scope, 'PagingTopic', pagingTopicArn) : undefined;
  }

  /**
   * Lets an alarm tell people when it fires, and the pager, too, if it cannot wait.
   *
   * The pager is also told when it is over, which resolves its incident. People are not: every alarm goes from
   * INSUFFICIENT_DATA to OK once it is created, and the first deployment would send a mail for each.
   */
  tell(alarm: AlarmBase, urgency: Urgency): void {
    alarm.addAlarmAction(new SnsAction(this.#people));
    if (!this.#pager || urgency !== 'page') return;
    const page = new SnsAction(this.#pager);
    // One topic for both is told once.
    if (this.#pager.topicArn !== this.#people.topicArn) alarm.addAlarmAction(page);
    alarm.addOkAction(page);
  }
}

/**
 * An alarm notifies topics of its own region alone. If the region is the profile's, CloudFormation finds out.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
function refuseOtherRegion(scope: Construct, topics: Readonly<Record<string, string | undefined>>): void {
  const { region } = Stack.of(scope);
  if (Token.isUnresolved(region)) return;
  for (const [setting, arn] of Object.entries(topics)) {
    const given = arn && Arn.split(arn, ArnFormat.NO_RESOURCE_NAME).region;
    if (!given || given === region) continue;
    throw new Error(
      `${setting} names a topic in ${given}, and the stack is in ${region}: an alarm notifies topics of its own region alone. Set ${setting} to a topic in ${region}.`,
    );
  }
}

function ownTopic(scope: Construct, alarmEmail: string | undefined): ITopic {
  const topic = new Topic(scope, 'Alarms', { enforceSSL: true });
  // A policy replaces SNS's default, which lets alarms of the account publish, and enforceSSL makes one that only
  // denies. Composite alarms publish as the same principal.
  // https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsPublish',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
  if (!alarmEmail) return topic;
  const subscription = topic.addSubscription(new EmailSubscription(alarmEmail));
  Validations.of(subscription).acknowledge({
    id: 'Serverless::Serverless-SNSRedrivePolicy',
    reason:
      'SNS tries an e-mail 50 times in 6 hours. One that is lost loses no data: the alarm keeps its state ' +
      'in CloudWatch. https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html',
  });
  return topic;
}
