import type { buildApp } from 'fauxqs';
import { region } from '../template/environment.ts';
import type { TopicDeliveries } from './sns.ts';

type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>;

/** Gives fauxqs, which delivers what is published, the topics of a deployment in place of those before. */
export function setTopics(store: NonNullable<Stores['snsStore']>, topics: readonly TopicDeliveries[]): void {
  for (const arn of [...store.topics.keys()]) store.deleteTopic(arn);
  for (const { topicArn, attributes, queues } of topics) {
    store.createTopic(topicArn.split(':').at(-1) ?? '', attributes, undefined, region);
    for (const queue of queues) store.subscribe(topicArn, 'sqs', queue.arn, queue.attributes);
  }
}
