import { Duration, Stack } from 'aws-cdk-lib';
import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Another team's stack: it gets every message that failed, after your handler has run. */
export class CampaignStack extends Stack {
  constructor(scope: Construct, id: string, { bus }: { bus: IEventBus }) {
    super(scope, id);
    const kept = { retentionPeriod: Duration.days(14), enforceSSL: true };
    const undelivered = new Queue(this, 'Undelivered', kept);
    const failed = new Queue(this, 'Failed', kept);
    new Rule(this, 'MessageFailed', {
      eventBus: bus,
      eventPattern: { source: ['zavu'], detailType: ['message.failed'] },
      targets: [new SqsQueue(failed, { deadLetterQueue: undelivered })],
    });
  }
}
