import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

interface CampaignStackProps extends StackProps {
  /** The bus on which the webhooks' stack publishes events. */
  bus: IEventBus;
}

/** Another team's stack. It wants to know which messages of a campaign failed: they come into its queue `Failed`. */
export class CampaignStack extends Stack {
  constructor(scope: Construct, id: string, { bus, ...props }: CampaignStackProps) {
    super(scope, id, props);
    const queueProps = { retentionPeriod: Duration.days(14), enforceSSL: true };
    const failed = new Queue(this, 'Failed', queueProps);
    // EventBridge tries for a day. What it could not put into `Failed` until then is here.
    const undelivered = new Queue(this, 'Undelivered', queueProps);
    new Rule(this, 'MessageFailed', {
      eventBus: bus,
      eventPattern: { source: ['zavu'], detailType: ['message.failed'] },
      targets: [new SqsQueue(failed, { deadLetterQueue: undelivered })],
    });
  }
}
