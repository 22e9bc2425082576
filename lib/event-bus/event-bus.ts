import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { eventBusVariable } from '../../lambda/event-bus/env.ts';

/**
 * The bus on which workers publish every event that they have handled, for other stacks to subscribe to
 * (docs/fan-out.md).
 *
 * It carries what customers wrote: who may add a rule to it may read that.
 */
export class FanOutBus extends EventBus {
  /** Tells a worker to publish on it. */
  readonly environment: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string) {
    super(scope, id, { description: "Zavu's events, each once it was verified and handled" });
    this.environment = { [eventBusVariable]: this.eventBusName };
  }
}
