import { account } from '../template/environment.ts';
import type { ResourceType, ServiceCall, TemplateResource } from './resource-type.ts';

/** Topics, and what SNS needs to deliver to their subscriptions. */
export const topicTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::SNS::Topic': {
    properties: ['ContentBasedDeduplication', 'DisplayName', 'FifoTopic', 'Tags', 'TopicName'],
  },
  'AWS::SNS::TopicPolicy': { properties: ['PolicyDocument', 'Topics'] },
  'AWS::SNS::Subscription': {
    properties: [
      'Endpoint',
      'FilterPolicy',
      'FilterPolicyScope',
      'Protocol',
      'RawMessageDelivery',
      'TopicArn',
    ],
    calls: delivery,
  },
};

/** What SNS has to be permitted at an endpoint with a policy of its own, by protocol. */
const actions: Readonly<Record<string, string>> = { sqs: 'sqs:SendMessage', lambda: 'lambda:InvokeFunction' };

/**
 * A person confirms an address. A queue or a function lets SNS in by its policy.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html
 */
function delivery(subscription: TemplateResource): ServiceCall[] {
  const protocol = subscription.text('Protocol');
  const action = actions[protocol];
  if (action === undefined) {
    if (/^(email|email-json|https)$/.test(protocol)) return [];
    throw subscription.unknown(`the protocol ${protocol}`);
  }
  return [
    {
      from: subscription.id,
      call: {
        principal: 'sns.amazonaws.com',
        action,
        resource: subscription.text('Endpoint'),
        context: {
          'aws:SecureTransport': 'true',
          'aws:SourceAccount': account,
          'aws:SourceArn': subscription.text('TopicArn'),
        },
      },
      consequence: 'deliver nothing',
    },
  ];
}
