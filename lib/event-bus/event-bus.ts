import { CfnOutput } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { eventBusVariable } from '../../lambda/worker/env.ts';
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

    new CfnOutput(scope, 'EventBusName', { value: this.eventBusName, description: 'Handled events' });
    new CfnOutput(scope, 'EventBusArn', { value: this.eventBusArn, description: 'Handled events' });
  }
}
