import { CfnOutput, Duration } from 'aws-cdk-lib';
import { Archive, EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { eventBusVariable, eventSource } from '../../lambda/worker/env.ts';
import { dataRemovalPolicy, type Settings } from '../settings/settings.ts';

/**
 * The bus on which workers publish every event that they have handled, for other stacks to subscribe to, with an
 * archive from which EventBridge can replay them (docs/fan-out.md).
 *
 * Both hold what customers wrote: who may add a rule to the bus, or replay the archive, may read it.
 */
export class FanOutBus extends EventBus {
  /** What tells a worker to publish on it. */
  readonly environment: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id, { description: "Zavu's events, each once it was verified and handled" });
    this.environment = { [eventBusVariable]: this.eventBusName };
    this.applyRemovalPolicy(dataRemovalPolicy(settings));

    if (settings.eventArchiveDays > 0) {
      const archive = new Archive(this, 'Archive', {
        description: "Zavu's events, to replay",
        sourceEventBus: this,
        // What others put on the bus is theirs to keep.
        eventPattern: { source: [eventSource] },
        retention: Duration.days(settings.eventArchiveDays),
      });
      archive.applyRemovalPolicy(dataRemovalPolicy(settings));
    }
    new CfnOutput(scope, 'EventBusName', { value: this.eventBusName, description: 'Handled events' });
    new CfnOutput(scope, 'EventBusArn', { value: this.eventBusArn, description: 'Handled events' });
  }
}
