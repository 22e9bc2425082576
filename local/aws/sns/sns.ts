import * as z from 'zod';
import type { Call } from '../iam/call.ts';
import type { Decision } from '../iam/iam.ts';
import { topicDefault } from '../iam/service-defaults.ts';
import type { Resource } from '../template/assembly.ts';
import { account } from '../template/environment.ts';
import type { Resolve } from '../template/resolve.ts';

/** What became of a message to a topic. */
interface PublishResult {
  /** Whether the topic took it; `unknown` if that is decided by a policy which is not in the template. */
  delivered: boolean | 'unknown';
  /** Why it was not taken, why that is not known, or which of the subscriptions do not get it. */
  reason?: string;
  /** Endpoints of the subscriptions that get it: mail addresses, ARNs, URLs. */
  readers: readonly string[];
}

/** The queues that get what is published to a topic, as far as their policies let SNS in. */
export interface TopicDeliveries {
  topicArn: string;
  attributes: Record<string, string>;
  queues: { arn: string; attributes: Record<string, string> }[];
}

/** CloudFormation takes a boolean as a text, too. */
const flag = z
  .union([z.boolean(), z.enum(['true', 'false'])])
  .transform(String)
  .optional();
const topicShape = z.strictObject({
  TopicName: z.string().optional(),
  DisplayName: z.string().optional(),
  KmsMasterKeyId: z.string().optional(),
  FifoTopic: flag,
  ContentBasedDeduplication: flag,
  Subscription: z.array(z.strictObject({ Endpoint: z.string(), Protocol: z.string() })).default([]),
  Tags: z.unknown().optional(),
});
const subscriptionShape = z.strictObject({
  TopicArn: z.string(),
  Protocol: z.string(),
  Endpoint: z.string(),
  FilterPolicy: z.record(z.string(), z.unknown()).optional(),
  FilterPolicyScope: z.string().optional(),
  RawMessageDelivery: flag,
});
const policyShape = z.object({ Topics: z.array(z.string()), PolicyDocument: z.looseObject({}) });

interface Topic {
  key: string | undefined;
  /** Its own policy; undefined if it has SNS's default. */
  policy: object | undefined;
  subscriptions: Subscription[];
  attributes: Record<string, string>;
}

interface Subscription {
  Protocol: string;
  Endpoint: string;
  /** How it wants its messages. */
  attributes: Record<string, string>;
}

/** The action that SNS needs to deliver to an endpoint that has a policy of its own, by protocol. */
const actions: Readonly<Record<string, string>> = { sqs: 'sqs:SendMessage', lambda: 'lambda:InvokeFunction' };

/** The topics of a template: who may publish to them, and who reads what is published. */
export class Sns {
  readonly #topics = new Map<string, Topic>();
  readonly #decide: (call: Call) => Decision;

  /**
   * @param decide what the policies of the template say about a call
   * @throws Error naming a resource and its property that is not known here
   */
  constructor(
    resources: Readonly<Record<string, Resource>>,
    resolve: Resolve,
    decide: (call: Call) => Decision,
  ) {
    this.#decide = decide;
    const ofType = <Schema extends z.ZodType>(type: string, schema: Schema) =>
      Object.entries(resources)
        .filter(([, { Type }]) => Type === type)
        .map(([id, { Properties }]) => [id, parsed(schema, id, resolve(Properties))] as const);
    for (const [id, properties] of ofType('AWS::SNS::Topic', topicShape)) {
      const { KmsMasterKeyId, Subscription, FifoTopic, ContentBasedDeduplication } = properties;
      const topic = {
        key: KmsMasterKeyId,
        policy: undefined,
        subscriptions: Subscription.map((each) => ({ ...each, attributes: {} })),
        attributes: given({ FifoTopic, ContentBasedDeduplication }),
      };
      this.#topics.set(String(resolve({ Ref: id })), topic);
    }
    for (const [, { Topics, PolicyDocument }] of ofType('AWS::SNS::TopicPolicy', policyShape)) {
      for (const topic of Topics.map((arn) => this.#topics.get(arn)))
        if (topic) topic.policy = PolicyDocument;
    }
    for (const [, each] of ofType('AWS::SNS::Subscription', subscriptionShape)) {
      const { TopicArn, Protocol, Endpoint, FilterPolicy, FilterPolicyScope, RawMessageDelivery } = each;
      const attributes = given({
        FilterPolicy: FilterPolicy && JSON.stringify(FilterPolicy),
        FilterPolicyScope,
        RawMessageDelivery,
      });
      this.#topics.get(TopicArn)?.subscriptions.push({ Protocol, Endpoint, attributes });
    }
  }

  /**
   * Publishes to a topic.
   *
   * The policies decide, and SNS's default for a topic without one (iam/service-defaults.ts). CloudWatch cannot publish
   * to a topic that AWS's own key for SNS encrypts.
   *
   * @param principal who publishes, such as `cloudwatch.amazonaws.com`
   * @param sourceArn the resource for which it does so
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
   * @see https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger
   */
  publish(topicArn: string, principal: string, sourceArn: string): PublishResult {
    const topic = this.#topics.get(topicArn);
    const unknown = (reason: string): PublishResult => ({ delivered: 'unknown', reason, readers: [] });
    if (!topic) return unknown('a topic of your own: its policy is not known here');
    const publishing = call(principal, 'sns:Publish', topicArn, sourceArn);
    // SNS's default policy asks for the account that owns what publishes.
    const context = { ...publishing.context, 'aws:SourceOwner': account };
    const decision = this.#decide({ ...publishing, context });
    if (!decision.allowed) return { delivered: false, reason: decision.reason, readers: [] };
    if (topic.key?.endsWith('alias/aws/sns')) {
      const reason = `${principal} cannot use alias/aws/sns, the key that encrypts the topic`;
      return { delivered: false, reason, readers: [] };
    }
    if (topic.key) return unknown('a key of your own encrypts the topic: its policy is not known here');
    return this.#deliver(topicArn, topic.subscriptions);
  }

  /** What becomes of a message that a function publishes, which may do so. */
  published(topicArn: string): PublishResult {
    return this.#deliver(topicArn, this.#topics.get(topicArn)?.subscriptions ?? []);
  }

  /** Every topic, with the queues that get its messages. */
  get deliveries(): TopicDeliveries[] {
    return [...this.#topics].map(([topicArn, { attributes, subscriptions }]) => {
      const { readers } = this.#deliver(topicArn, subscriptions);
      const queues = subscriptions
        .filter(({ Protocol, Endpoint }) => Protocol === 'sqs' && readers.includes(Endpoint))
        .map((each) => ({ arn: each.Endpoint, attributes: each.attributes }));
      return { topicArn, attributes, queues };
    });
  }

  /**
   * What SNS tells about a topic. Here, every subscription counts as confirmed.
   *
   * @returns undefined for a topic that is not in the template
   * @see https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html
   */
  attributes(topicArn: string): Record<string, string> | undefined {
    const topic = this.#topics.get(topicArn);
    if (!topic) return undefined;
    const { policy = topicDefault(topicArn), key, subscriptions } = topic;
    return {
      TopicArn: topicArn,
      Policy: JSON.stringify(policy),
      SubscriptionsConfirmed: String(subscriptions.length),
      SubscriptionsPending: '0',
      ...(key ? { KmsMasterKeyId: key } : {}),
    };
  }

  #deliver(topicArn: string, subscriptions: Topic['subscriptions']): PublishResult {
    const refusals = subscriptions.flatMap(({ Protocol, Endpoint }) => {
      const action = actions[Protocol];
      const decision = action && this.#decide(call('sns.amazonaws.com', action, Endpoint, topicArn));
      return decision && !decision.allowed ? [{ Endpoint, reason: decision.reason }] : [];
    });
    const refused = refusals.map(({ Endpoint }) => Endpoint);
    const readers = subscriptions.map(({ Endpoint }) => Endpoint).filter((each) => !refused.includes(each));
    const reasons = refusals.map(({ reason }) => reason);
    if (subscriptions.length === 0) reasons.push('the topic has no subscription');
    return { delivered: true, readers, ...(reasons.length > 0 && { reason: reasons.join('; ') }) };
  }
}

/** The attributes that have a value. */
function given(attributes: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function call(principal: string, action: string, resource: string, sourceArn: string): Call {
  const context = {
    'aws:SourceAccount': account,
    'aws:SourceArn': sourceArn,
    'aws:SecureTransport': 'true',
  };
  return { principal, action, resource, context };
}

function parsed<Schema extends z.ZodType>(
  schema: Schema,
  logicalId: string,
  properties: unknown,
): z.infer<Schema> {
  const { data, error } = schema.safeParse(properties);
  if (error) throw new Error(`${logicalId} of the template: ${z.prettifyError(error)}`);
  return data;
}
